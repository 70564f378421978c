import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { OwnAnswer } from './decision.js';
import { SERVER_NAME } from './forwarded-headers.js';

const TEXTS: Readonly<Record<number, string>> = { 404: '404 page not found' };

/** Sends an answer of the router itself: a line of plain text that says the status and nothing about what is behind. */
export function answer(response: ServerResponse, { status, location }: OwnAnswer): void {
  const body = `${TEXTS[status] ?? `${status} ${(STATUS_CODES[status] ?? 'unknown').toLowerCase()}`}\n`;
  const bodyless = status === 204 || status === 304;
  response.writeHead(status, STATUS_CODES[status] ?? '', {
    server: SERVER_NAME,
    ...(location === undefined ? {} : { location }),
    ...(bodyless ? {} : { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) }),
  });
  response.end(bodyless ? undefined : body);
}
