import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import type { StatusDocument } from '../pages/status-page.js';
import { statusCommand } from './status-command.js';

const CONTROLLER = 'http://controller.example:8082';
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const WELL: StatusDocument = {
  router: { phase: 'open', name: 'web', upToDate: true, writes: 0 },
  policies: 0,
  pools: [],
  objects: 0,
  problems: [],
  refused: [],
  failing: { count: 0, objects: [] },
};

const till = { handler: 'lb', object: 'Service market/till', since: '2026-01-01T12:00:00.000Z', reason: 'no subnet' };
const pod = { handler: 'vif', object: 'Pod a/b', since: '2026-01-01T13:00:00.000Z', reason: 'no free address' };

async function status(document: StatusDocument) {
  server.use(http.get(`${CONTROLLER}/api/v1/status`, () => HttpResponse.json({ ...document })));
  const lines: string[] = [];
  const output = { out: (text: string) => void lines.push(...text.split('\n')), error: () => undefined };
  return { exit: await statusCommand(CONTROLLER, false, output), lines };
}

describe('kuryr-l7 status', () => {
  it('ends with 0 where the router is up to date and no handler fails', async () => {
    const { exit, lines } = await status(WELL);
    expect([exit, lines.length]).toEqual([0, 3]);
  });

  it('tells which Services and Pods fail, since when and why, and how many more; and ends with 1', async () => {
    const { exit, lines } = await status({ ...WELL, failing: { count: 40, objects: [till, pod] } });
    expect(lines.slice(3)).toEqual([
      '',
      'HANDLER  OBJECT               FAILS SINCE               REASON, TRIED AGAIN LATER',
      'lb       Service market/till  2026-01-01T12:00:00.000Z  no subnet',
      'vif      Pod a/b              2026-01-01T13:00:00.000Z  no free address',
      '… and 38 more',
    ]);
    expect(exit).toBe(1);
  });
});
