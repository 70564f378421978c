import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FrontListener } from './front-listener.js';

/** Something under way for a client, to be stopped when the client leaves. */
export interface Exchange {
  readonly request: IncomingMessage;
  clientLeft(): void;
}

/** A client's connection, and what is under way on it (pipelined requests make that more than one). */
export class ClientConnection {
  readonly listener: FrontListener;
  /** The client's IP address; IPv4 in its own notation also on an IPv6 socket. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #exchanges = new Set<Exchange>();

  constructor(listener: FrontListener, socket: Socket) {
    this.listener = listener;
    this.#socket = socket;
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
    socket.once('close', () => {
      for (const exchange of this.#exchanges) exchange.clientLeft();
    });
  }

  begin(exchange: Exchange): void {
    this.#exchanges.add(exchange);
    if (this.#socket.destroyed) exchange.clientLeft();
  }

  end(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
  }

  /** A client that waits for nothing is let go. */
  closeIfIdle(): void {
    if (this.#exchanges.size === 0) this.#socket.destroy();
  }

  /**
   * Nothing has moved for the time that a client has. It is cut off if it is its turn: nothing is under way, its request
   * is incomplete, or an answer waits for it to read. Otherwise a member is being waited for, with a time limit of its own.
   */
  idled(timeout: number): void {
    const clientsTurn =
      this.#exchanges.size === 0 ||
      this.#socket.writableLength > 0 ||
      [...this.#exchanges].some((exchange) => !exchange.request.complete);
    if (clientsTurn) this.#socket.destroy();
    else this.#socket.setTimeout(timeout);
  }
}
