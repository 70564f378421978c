import { type IncomingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import { responseHeaders } from './forwarded-headers.js';

/** RFC 9112 section 4: blanks, visible characters and obs-text. node:http throws for any other. */
const REASON_PHRASE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Begins a member's answer to a client. A reason phrase that HTTP does not allow is replaced by that of the status. */
export function writeResponseHead(
  response: ServerResponse,
  status: number,
  reason: string | undefined,
  headers: IncomingHttpHeaders,
): void {
  const phrase = reason !== undefined && REASON_PHRASE.test(reason) ? reason : (STATUS_CODES[status] ?? '');
  const forwarded = responseHeaders(headers);
  if (forwarded.trailer !== undefined && !isChunked(response, status, headers)) delete forwarded.trailer;
  response.writeHead(status, phrase, forwarded);
}

/** Fields can follow a body that is sent in chunks only; node:http throws for another answer that announces them. */
function isChunked(response: ServerResponse, status: number, headers: IncomingHttpHeaders): boolean {
  const hasBody = response.req.method !== 'HEAD' && status !== 204 && status !== 304;
  return hasBody && response.useChunkedEncodingByDefault && headers['content-length'] === undefined;
}
