import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { systemErrorCode } from '../system-error.js';
import type { EchoDestination } from './echo-destination.js';
import type { EchoServer } from './echo-server.js';

/** Requests under way when a Pod goes may take so long to end. */
const LAST_REQUESTS_MILLISECONDS = 1_000;
const TAKEN: ReadonlySet<unknown> = new Set(['EADDRINUSE', 'EACCES']);

/** The listening ports of one Pod at its address. */
export class PodSandbox {
  readonly address: string;
  readonly #ownAddress: boolean;
  readonly #echo: EchoServer;
  readonly #servers: Server[] = [];
  readonly #ports = new Map<number, number>();
  readonly #sockets = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #closed = false;

  /** `ownAddress`: nobody else is at this address, so that the Pod's port numbers may be used as they are. */
  constructor(address: string, ownAddress: boolean, echo: EchoServer) {
    this.address = address;
    this.#ownAddress = ownAddress;
    this.#echo = echo;
  }

  /** The port at the address that stands for a port of the Pod; undefined while it is not open. */
  portOf(port: number): number | undefined {
    return this.#ports.get(port);
  }

  /**
   * Opens a port of the Pod: with its own number, or with a free one where that is taken or needs a privilege (below 1024). Rejects with the
   * reason when there is none.
   */
  async open(port: number, destination: EchoDestination): Promise<void> {
    const server = await this.#listen(this.#ownAddress ? port : 0, destination).catch((error: unknown) => {
      if (TAKEN.has(systemErrorCode(error))) return this.#listen(0, destination);
      throw error;
    });
    if (this.#closed) {
      server.close();
      return;
    }
    this.#servers.push(server);
    const bound = server.address();
    this.#ports.set(port, typeof bound === 'object' && bound !== null ? bound.port : port);
  }

  /** Stops listening; idle connections end at once, requests under way within a second. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) if (!this.#busy.has(socket)) socket.destroy();
    const timer = setTimeout(() => this.destroy(), LAST_REQUESTS_MILLISECONDS);
    await Promise.all(closed);
    clearTimeout(timer);
  }

  /** Ends what is still open, at once. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(port: number, destination: EchoDestination): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      if (this.#closed) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.#echo.serve(socket, destination, this.#busy);
    });
    server.listen(port, this.address);
    await once(server, 'listening');
    return server;
  }
}
