import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { EchoDestination } from './echo-destination.js';

const LONGEST_DELAY_MILLISECONDS = 60_000;

/** What a Pod answers, field for field as the echo server of the Ingress conformance tests: `headers` in Go's canonical names, without Host. */
export interface EchoAnswer {
  /** As requested, with the query. */
  readonly path: string;
  readonly host: string;
  readonly method: string;
  readonly proto: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly namespace: string;
  readonly ingress: string;
  readonly service: string;
  readonly pod: string;
}

/**
 * Answers every request with what arrived. What a test needs besides is asked for by query or header, so that no path means anything else:
 * - `?delay=250` or `?delay=1.5s` waits before the answer (at most a minute);
 * - `X-Echo-Status: 503` sets the status;
 * - `X-Echo-Set-Header: Name: value` sets a header of the answer, several separated by commas;
 * - `X-Echo-Body: true` answers the request's body, as it streams in.
 */
export async function echo(
  request: IncomingMessage,
  response: ServerResponse,
  destination: EchoDestination,
): Promise<void> {
  const path = request.url ?? '/';
  const { remoteAddress, remotePort } = request.socket;
  destination.log(`Echoing back request made to ${path} to client (${remoteAddress}:${remotePort})`);
  const wait = delayOf(path);
  if (wait > 0) await delay(wait, undefined, { ref: false });
  response.statusCode = statusOf(request.headers['x-echo-status']);
  for (const [name, value] of headersToSet(request.headers['x-echo-set-header'])) response.setHeader(name, value);
  if (destination.leaving()) response.setHeader('Connection', 'close');
  if (request.headers['x-echo-body'] === 'true') {
    response.setHeader('Content-Type', request.headers['content-type'] ?? 'application/octet-stream');
    await pipeline(request, response);
    return;
  }
  for await (const _chunk of request);
  const body = `${JSON.stringify(answerTo(request, destination), undefined, 2)}\n`;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

function answerTo(request: IncomingMessage, destination: EchoDestination): EchoAnswer {
  return {
    path: request.url ?? '/',
    host: request.headers.host ?? '',
    method: request.method ?? '',
    proto: `HTTP/${request.httpVersion}`,
    headers: canonicalHeaders(request.rawHeaders),
    namespace: destination.namespace,
    ingress: destination.ingress,
    service: destination.service(),
    pod: destination.pod,
  };
}

function canonicalHeaders(raw: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
    if (name !== 'Host') headers.set(name, [...(headers.get(name) ?? []), raw[index + 1] ?? '']);
  }
  return Object.fromEntries(headers);
}

/** Milliseconds. Anything that is no duration waits for nothing. */
function delayOf(path: string): number {
  const query = path.indexOf('?');
  const text = query === -1 ? null : new URLSearchParams(path.slice(query + 1)).get('delay');
  const [, number, unit] = /^([0-9]+(?:\.[0-9]+)?)(ms|s)?$/.exec(text ?? '') ?? [];
  return Math.min(Number(number ?? 0) * (unit === 's' ? 1000 : 1), LONGEST_DELAY_MILLISECONDS);
}

function statusOf(header: string | string[] | undefined): number {
  const status = Number(header);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : 200;
}

function headersToSet(header: string | string[] | undefined): readonly [string, string][] {
  return String(header ?? '')
    .split(',')
    .flatMap((one) => {
      const [, name, value] = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*?)\s*$/.exec(one) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
}
