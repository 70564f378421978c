import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Endpoints } from './octavia-under-test.js';

/** A prime number, so that endpoints that have changed so many times are others than at first. */
const COUNT = 23;

/** Servers at addresses of the loopback interface (Linux has all of 127.0.0.0/8) that answer 200 to everything. */
export class Backends {
  readonly endpoints: Endpoints;
  readonly #servers: readonly Server[];

  static async start(): Promise<Backends> {
    const addresses = Array.from({ length: COUNT }, (_, index) => `127.77.0.${index + 1}`);
    const servers: Server[] = [];
    let port = 0;
    for (const address of addresses) {
      const server = createServer((_request, response) => response.end('ok'));
      server.listen(port, address);
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
      servers.push(server);
    }
    return new Backends({ addresses, port }, servers);
  }

  private constructor(endpoints: Endpoints, servers: readonly Server[]) {
    this.endpoints = endpoints;
    this.#servers = servers;
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => once(server, 'close'));
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    await Promise.all(closed);
  }
}
