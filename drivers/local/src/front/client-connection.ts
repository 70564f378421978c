import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FrontListener } from './front-listener.js';

/** With so many requests waiting, nothing more is read. What has been read already (up to 64 KiB) may add to them. */
const MOST_WAITING = 32;

/** Something under way for a client, to be stopped when the client leaves. */
export interface Exchange {
  readonly request: IncomingMessage;
  clientLeft(): void;
}

interface Turn {
  /** Undefined for what brings a response of its own, or none. */
  readonly response: ServerResponse | undefined;
  readonly start: () => void;
}

/**
 * A client's connection. Its requests are served one at a time, in their order: a client that sends many at once costs
 * its members no more than any other, and no answer comes before an earlier one.
 */
export class ClientConnection {
  readonly listener: FrontListener;
  /** The client's IP address; IPv4 in its own notation also on an IPv6 socket. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #timeout: number;
  /** Requests behind the one that is being served. */
  readonly #waiting: Turn[] = [];
  #exchange: Exchange | undefined;
  /** The response of the request whose turn it is, or was last. */
  #response: ServerResponse | undefined;
  #held = false;
  #detached = false;
  #broken = false;

  /** `timeout`: the client has so many milliseconds to move on when it is its turn. */
  constructor(listener: FrontListener, socket: Socket, timeout: number) {
    this.listener = listener;
    this.#socket = socket;
    this.#timeout = timeout;
    this.address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
    // node:http reads on by itself, at the end of each request for one.
    socket.on('resume', () => {
      if (this.#held) socket.pause();
    });
    socket.once('close', () => {
      this.#waiting.length = 0;
      this.#exchange?.clientLeft();
    });
  }

  /**
   * Starts something when all requests before it have been answered: at once, mostly. After an answer that is the last on
   * its connection, nothing is started (RFC 9112 section 9.6).
   */
  inTurn(response: ServerResponse | undefined, start: () => void): void {
    if (!this.#socket.writable) return;
    const before = this.#response;
    if (before === undefined || before.closed) {
      this.#response = response;
      start();
      return;
    }
    if (this.#waiting.push({ response, start }) === 1) before.once('close', () => this.#next());
    if (this.#waiting.length >= MOST_WAITING && response !== undefined) {
      this.#held = true;
      this.#socket.pause();
    }
  }

  begin(exchange: Exchange): void {
    this.#exchange = exchange;
    if (this.#socket.destroyed) exchange.clientLeft();
  }

  end(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#exchange = undefined;
  }

  /** node:http has let go of the socket for an upgrade. What it did for answers still on their way is done here then. */
  detached(): void {
    this.#held = false;
    // The socket's stream takes the read that node:http has stopped for one under way, and would never begin another.
    this.#socket.push('');
    if (this.#detached) return;
    this.#detached = true;
    this.#socket.on('drain', () => this.#response?.emit('drain'));
    this.#socket.on('timeout', () => this.idled());
  }

  /** A response on a detached connection. It is the last one. */
  lastResponse(request: IncomingMessage): ServerResponse {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(this.#socket);
    response.once('finish', () => this.#socket.end());
    this.#response = response;
    this.#socket.setTimeout(this.#timeout);
    return response;
  }

  /**
   * The client has sent what is not HTTP, or too late. It is told so when the requests before have been answered; at once
   * if it is the body of a request that is being served.
   */
  broken(status: number): void {
    if (this.#broken) return;
    this.#broken = true;
    if (this.#exchange === undefined || this.#exchange.request.complete) {
      this.inTurn(undefined, () => this.refuse(status));
    } else if (this.#response?.headersSent) {
      this.#socket.destroy();
    } else {
      this.refuse(status);
    }
  }

  /** Answers what there is no response for, and closes the connection. */
  refuse(status: number): void {
    this.#socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    this.#socket.destroySoon();
  }

  /** A client that waits for nothing is let go. */
  closeIfIdle(): void {
    if (this.#exchange === undefined) this.#socket.destroy();
  }

  /**
   * Nothing has moved for the time that a client has. It is cut off if it is its turn: nothing is under way, its request
   * is incomplete, or an answer waits for it to read. Otherwise a member is being waited for, with a time limit of its own.
   */
  idled(): void {
    const clientsTurn =
      this.#exchange === undefined || this.#socket.writableLength > 0 || !this.#exchange.request.complete;
    if (clientsTurn) this.#socket.destroy();
    else this.#socket.setTimeout(this.#timeout);
  }

  #next(): void {
    const turn = this.#socket.writable ? this.#waiting.shift() : undefined;
    if (turn === undefined) return;
    if (this.#held && this.#waiting.length < MOST_WAITING) {
      this.#held = false;
      this.#socket.resume();
    }
    this.#response = turn.response;
    if (this.#waiting.length > 0) turn.response?.once('close', () => this.#next());
    turn.start();
  }
}
