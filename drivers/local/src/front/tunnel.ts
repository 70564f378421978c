import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Timeouts } from '../local-router-options.js';
import type { LivePool } from '../pool/live-pool.js';
import type { PoolMember } from '../pool/pool-member.js';
import type { Statistics } from '../statistics.js';
import { answer } from './answer.js';
import type { ClientConnection, Exchange } from './client-connection.js';
import { requestHeaders } from './forwarded-headers.js';
import { MemberChoice } from './member-choice.js';
import type { RequestTarget } from './request-target.js';
import { writeResponseHead } from './response-head.js';

export interface TunnelOptions {
  readonly target: RequestTarget;
  readonly connection: ClientConnection;
  readonly pool: LivePool;
  readonly statistics: Statistics;
  readonly timeouts: Timeouts;
}

/**
 * A WebSocket: the handshake goes to a member as a request of its own connection; once the member has agreed, the two
 * connections are one. A quiet tunnel has no time limit; TCP keep-alive finds the ends that are gone.
 */
export class Tunnel implements Exchange {
  readonly request: IncomingMessage;
  readonly #client: Socket;
  readonly #head: Buffer;
  readonly #options: TunnelOptions;
  readonly #members: MemberChoice;
  #handshake: ClientRequest | undefined;
  #memberSocket: Socket | undefined;
  #status = 0;
  #ended = false;

  /** `head`: what the client has sent after its handshake. */
  constructor(request: IncomingMessage, head: Buffer, options: TunnelOptions) {
    this.request = request;
    this.#client = request.socket;
    this.#head = head;
    this.#options = options;
    this.#members = new MemberChoice(options.pool, options.connection.address, options.statistics);
  }

  start(): void {
    this.request.socket.setTimeout(0);
    this.request.socket.setKeepAlive(true, 60_000);
    this.#options.connection.begin(this);
    this.#tryNext();
  }

  clientLeft(): void {
    this.#handshake?.destroy();
    this.#memberSocket?.destroySoon();
    this.#end();
  }

  #tryNext(): void {
    const member = this.#members.next();
    if (member === undefined) this.#fail(503);
    else this.#shakeHands(member);
  }

  #shakeHands(member: PoolMember): void {
    const { target, connection, timeouts } = this.#options;
    const handshake = sendRequest({
      host: member.address,
      port: member.port,
      path: target.path + target.query,
      agent: false,
      headers: [
        ...requestHeaders(this.request, target.host, connection),
        'Connection',
        'Upgrade',
        'Upgrade',
        'websocket',
      ],
    });
    this.#handshake = handshake;
    let connected = false;
    let overdue = false;
    const giveUp = (): void => {
      overdue = true;
      handshake.destroy(new Error('The member took too long.'));
    };
    let timer = setTimeout(giveUp, timeouts.memberConnect);
    handshake.once('socket', (socket) => {
      socket.setKeepAlive(true, 60_000);
      socket.once('connect', () => {
        connected = true;
        clearTimeout(timer);
        timer = setTimeout(giveUp, timeouts.memberData);
      });
    });
    handshake.once('close', () => clearTimeout(timer));
    handshake.once('upgrade', (response, socket, head) => {
      clearTimeout(timer);
      this.#join(response, socket, head);
    });
    handshake.once('response', (response) => {
      clearTimeout(timer);
      this.#declined(response);
    });
    handshake.on('error', () => {
      clearTimeout(timer);
      if (this.#ended || this.#status !== 0) return;
      if (connected) this.#fail(overdue ? 504 : 502);
      else this.#couldNotConnect();
    });
    handshake.end();
  }

  #couldNotConnect(): void {
    this.#members.couldNotConnect();
    this.#tryNext();
  }

  /** The member has agreed: from now on bytes go both ways until one side ends. */
  #join(response: IncomingMessage, memberSocket: Socket, head: Buffer): void {
    this.#memberSocket = memberSocket;
    this.#status = 101;
    const lines = ['HTTP/1.1 101 Switching Protocols'];
    const { rawHeaders } = response;
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
    }
    this.#client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    this.#client.write(head);
    memberSocket.write(this.#head);
    memberSocket.on('error', () => {});
    memberSocket.once('close', () => {
      this.#client.destroySoon();
      this.#end();
    });
    this.#client.pipe(memberSocket);
    memberSocket.pipe(this.#client);
  }

  /** The member has answered without agreeing: its answer is the client's, and the last on this connection. */
  #declined(memberResponse: IncomingMessage): void {
    this.#status = memberResponse.statusCode ?? 502;
    const response = this.#options.connection.lastResponse(this.request);
    try {
      writeResponseHead(response, this.#status, memberResponse.statusMessage, memberResponse.headers);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
    pipeline(memberResponse, response, () => this.#end());
  }

  /** The router answers in the member's place. */
  #fail(status: number): void {
    this.#status = status;
    answer(this.#options.connection.lastResponse(this.request), { status });
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#members.release();
    const { connection, pool, statistics } = this.#options;
    connection.end(this);
    statistics.countRequest(connection.listener.key, pool.name, this.#status);
  }
}
