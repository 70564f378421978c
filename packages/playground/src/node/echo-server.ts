import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { echo } from './echo.js';
import type { EchoDestination } from './echo-destination.js';
import { echoWebSocket, isWebSocket } from './websocket-echo.js';

/** Longer than the routers in front keep an idle connection, so that it is never closed under a request (nginx has 75 s as well). */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/** One HTTP server for the connections of all Pods: thousands of Pods cost thousands of sockets, not thousands of servers. */
export class EchoServer {
  readonly #http: Server;
  readonly #connections = new WeakMap<Duplex, { readonly destination: EchoDestination; readonly busy: Set<Socket> }>();

  constructor() {
    this.#http = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, (request, response) =>
      this.#answer(request, response),
    );
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
  }

  /** Serves a new connection; it is in `busy` while a request is being answered on it. */
  serve(socket: Socket, destination: EchoDestination, busy: Set<Socket>): void {
    this.#connections.set(socket, { destination, busy });
    this.#http.emit('connection', socket);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.#connections.get(socket);
    if (connection === undefined) {
      socket.destroy();
      return;
    }
    const { busy, destination } = connection;
    busy.add(socket);
    response.on('close', () => {
      busy.delete(socket);
      if (destination.leaving()) socket.end();
    });
    // Only a connection that broke gets here; there is nobody left to tell.
    echo(request, response, destination).catch(() => socket.destroy());
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = this.#connections.get(socket);
    if (connection !== undefined && isWebSocket(request)) {
      const { remoteAddress, remotePort } = request.socket;
      connection.destination.log(
        `Echoing back request made to ${request.url} to client (${remoteAddress}:${remotePort})`,
      );
      connection.busy.add(request.socket);
      socket.on('close', () => connection.busy.delete(request.socket));
      echoWebSocket(request, socket, head);
      return;
    }
    // Some other protocol was offered (h2c): a server may go on as if it had not been (RFC 9110, section 7.8).
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    response.on('finish', () => request.socket.end());
    this.#answer(request, response);
  }
}
