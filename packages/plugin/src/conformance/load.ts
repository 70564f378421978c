import assert from 'node:assert/strict';
import type { ClientResponse } from './fixture.js';

/** How a router did under load. */
export interface LoadResult {
  readonly responses: readonly ClientResponse[];
}

/**
 * Sends requests from several clients at once while something is done to the router, and some more afterwards.
 *
 * @throws what a request failed with: under load no connection may break
 */
export async function underLoad(
  request: () => Promise<ClientResponse>,
  meanwhile: () => Promise<void>,
  clients = 8,
): Promise<LoadResult> {
  const responses: ClientResponse[] = [];
  const load = { running: true };
  const client = async (): Promise<void> => {
    while (load.running) responses.push(await request());
    for (let rest = 0; rest < 5; rest++) responses.push(await request());
  };
  const running = Promise.all(Array.from({ length: clients }, client)).finally(() => {
    load.running = false;
  });
  // Looked at below; until then a failed request is no unhandled rejection.
  running.catch(() => {});
  try {
    while (load.running && responses.length < clients * 5) await new Promise((resolve) => setImmediate(resolve));
    await meanwhile();
  } finally {
    load.running = false;
  }
  await running;
  return { responses };
}

/** @throws AssertionError unless every answer under load had the status */
export function assertAll({ responses }: LoadResult, status: number): void {
  const others = responses.filter((response) => response.status !== status);
  assert.equal(
    others.length,
    0,
    `${others.length} of ${responses.length} answers were not ${status}: ${others[0]?.status} ${others[0]?.body}`,
  );
}
