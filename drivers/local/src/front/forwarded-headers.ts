import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ClientConnection } from './client-connection.js';

/** Fields that concern one connection only (RFC 9110 section 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Fields of a request that the router sets itself, or answers itself (`Expect`). */
const SET_BY_ROUTER: ReadonlySet<string> = new Set([
  'expect',
  'host',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** Never dropped because a Connection field names them: without them the message would be another one. */
const NEVER_HOP_BY_HOP: ReadonlySet<string> = new Set(['content-length', 'host']);

export const SERVER_NAME = 'kuryr-l7';

/**
 * The fields of a client's request as a member gets them, name and value in turn: end-to-end fields as they came, Host
 * unchanged, X-Forwarded-For with the client's address appended, X-Forwarded-Port and X-Forwarded-Proto of the listener.
 */
export function requestHeaders(request: IncomingMessage, host: string, connection: ClientConnection): string[] {
  const { rawHeaders } = request;
  const named = namedByConnection(request.headers.connection);
  const headers: string[] = [];
  if (host !== '' || request.headers.host !== undefined) headers.push('host', host);
  let forwardedFor = '';
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const lowerCased = name.toLowerCase();
    if (HOP_BY_HOP.has(lowerCased) || named?.has(lowerCased)) continue;
    if (lowerCased === 'x-forwarded-for') forwardedFor += `${value}, `;
    if (!SET_BY_ROUTER.has(lowerCased)) headers.push(name, value);
  }
  headers.push(
    'X-Forwarded-For',
    forwardedFor + connection.address,
    'X-Forwarded-Port',
    connection.listener.portText,
    'X-Forwarded-Proto',
    connection.listener.scheme,
  );
  return headers;
}

/** The fields of a member's answer as a client gets them; `Server` is added where the member has none. */
export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = namedByConnection(headers.connection);
  const forwarded: Record<string, string | string[]> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined && !HOP_BY_HOP.has(name) && !named?.has(name)) forwarded[name] = value;
  }
  forwarded.server ??= SERVER_NAME;
  return forwarded;
}

/** The fields after a member's answer as a client gets them: none that frames the message (RFC 9110 section 6.5.1). */
export function responseTrailers(trailers: IncomingHttpHeaders): [name: string, value: string][] {
  return Object.entries(trailers)
    .filter(([name]) => !HOP_BY_HOP.has(name) && !NEVER_HOP_BY_HOP.has(name) && name !== 'trailer')
    .flatMap(([name, value = []]) => [value].flat().map((one): [string, string] => [name, one]));
}

/** Further fields that the Connection fields declare hop-by-hop. undici gives several fields as an array. */
function namedByConnection(connection: string | readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  const names = String(connection)
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => !NEVER_HOP_BY_HOP.has(name)));
}
