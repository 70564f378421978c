export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpRequest {
  /** For people, e.g. `Octavia`. */
  readonly service: string;
  /** For people, e.g. `Octavia GET /v2/lbaas/pools`. */
  readonly label: string;
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A complete answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** One header; the first where there are several. */
export function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** When it was made, by the clock of whoever did: milliseconds since the epoch. */
export function timeOf(answer: HttpAnswer): number | undefined {
  const time = Date.parse(headerOf(answer, 'date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}
