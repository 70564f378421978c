import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Only WebSocket is tunnelled (RFC 6455 section 4.1: a GET without a body). Another protocol, h2c above all, would carry
 * requests past the routing, so its offer is ignored, as RFC 9110 section 7.8 allows.
 */
export function upgradesToWebSocket(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    request.headers.upgrade?.toLowerCase() === 'websocket' &&
    request.headers['transfer-encoding'] === undefined &&
    Number(request.headers['content-length'] ?? 0) === 0
  );
}

/** Puts a request whose upgrade is ignored back before what else the client has sent, to be parsed as a usual one. */
export function handBackWithoutUpgrade(request: IncomingMessage, socket: Duplex, rest: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const { rawHeaders } = request;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!/^(?:connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  // What else the field names concerns this connection only, and must not reach a member either.
  const named = (request.headers.connection ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !/^(?:upgrade|http2-settings)$/i.test(name));
  if (named.length > 0) lines.push(`Connection: ${named.join(', ')}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
}
