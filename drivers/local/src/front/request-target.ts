import type { IncomingMessage } from 'node:http';

/** What a request asks for. */
export interface RequestTarget {
  /** As the client wrote it: any case, perhaps with a port; empty where an HTTP/1.0 request names none. */
  readonly host: string;
  /** As the client wrote it, without the query. */
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
}

/** With a host: RFC 9110 section 4.2.1 has an empty one rejected. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?]+)(.*)$/i;
/** RFC 3986 section 3.2.2 with an optional port; user information is refused (RFC 9110 section 4.2.4). */
const AUTHORITY = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

/**
 * Reads the target of a request (RFC 9112 section 3.2). An absolute-form target goes before the Host field. Undefined
 * for what deserves a 400: several Host fields, a malformed host, a fragment, a target of another form, or an HTTP/1.0
 * request with a Transfer-Encoding (RFC 9112 section 6.1: its framing can't be trusted).
 */
export function readRequestTarget(request: IncomingMessage): RequestTarget | undefined {
  if (hasSeveralHosts(request.rawHeaders)) return undefined;
  if (request.httpVersion === '1.0' && request.headers['transfer-encoding'] !== undefined) return undefined;
  let host = request.headers.host ?? '';
  let pathAndQuery = request.url ?? '';
  const absolute = pathAndQuery.startsWith('/') ? null : ABSOLUTE_FORM.exec(pathAndQuery);
  if (absolute !== null) {
    host = absolute[1] ?? '';
    const rest = absolute[2] ?? '';
    pathAndQuery = rest.startsWith('/') ? rest : `/${rest}`;
  }
  if (!pathAndQuery.startsWith('/') || pathAndQuery.includes('#') || !AUTHORITY.test(host)) return undefined;
  const mark = pathAndQuery.indexOf('?');
  if (mark === -1) return { host, path: pathAndQuery, query: '' };
  return { host, path: pathAndQuery.slice(0, mark), query: pathAndQuery.slice(mark) };
}

function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}
