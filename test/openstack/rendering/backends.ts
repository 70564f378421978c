/** What pools lead to: one server for each name, which answers with it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Member } from '@kuryr-l7/router';
import type { RawAnswer } from './raw-request.js';

export class Backends {
  readonly #servers = new Map<string, Promise<Server>>();
  readonly #answers = new Map<number, RawAnswer>();

  /** The member that answers 200 and the name, or the status where one is given. */
  async member(name: string, status = 200): Promise<Member> {
    let server = this.#servers.get(name);
    if (server === undefined) {
      server = listen(name, status);
      this.#servers.set(name, server);
    }
    const { address, port } = (await server).address() as AddressInfo;
    this.#answers.set(port, status === 200 ? name : status);
    return { address, port, weight: 1, backup: false };
  }

  /** What a request gets from pools with these members: the first one's answer, or HAProxy's 503. */
  answerOf([member]: readonly Member[]): RawAnswer {
    return member === undefined ? 503 : (this.#answers.get(member.port) ?? 502);
  }

  async close(): Promise<void> {
    for (const server of await Promise.all(this.#servers.values())) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }
}

async function listen(name: string, status: number): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(status).end(name));
  // HAProxy keeps its connections, and would now and then use one in the moment that it is closed.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}
