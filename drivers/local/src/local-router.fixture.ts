import { Agent, createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { FULL_CAPABILITIES, type L7Policy, type Member, type Pool, plan, type Router } from '@kuryr-l7/router';
import { createLocalRouter } from './create-local-router.js';
import type { LocalRouter } from './local-router.js';
import type { LocalRouterOptions } from './local-router-options.js';

const SOURCE = { kind: 'Ingress', namespace: 'default', name: 'web' };

export const NEVER = new AbortController().signal;

export function testMember(port: number, settings: Partial<Member> = {}): Member {
  return { address: '127.0.0.1', port, weight: 1, backup: false, ...settings };
}

export function testPool(members: readonly Member[], settings: Partial<Pool> = {}): Pool {
  return { name: 'pool', protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members, source: SOURCE, ...settings };
}

/** Takes every request to a pool, unless the settings say otherwise. */
export function testPolicy(settings: Partial<L7Policy> = {}): L7Policy {
  return {
    key: '|Prefix|/',
    action: 'REDIRECT_TO_POOL',
    redirectPool: 'pool',
    enabled: true,
    rules: [{ type: 'PATH', compareType: 'STARTS_WITH', value: '/', invert: false }],
    source: SOURCE,
    ...settings,
  };
}

/** The same policies on each listener of a router. */
export function desiredOf(router: LocalRouter, policies: readonly L7Policy[], pools: readonly Pool[]): Router {
  return { listeners: router.description.listeners.map((listener) => ({ ...listener, policies })), pools };
}

/** Writes change by change what the planner says. */
export async function applyPlan(router: LocalRouter, desired: Router): Promise<void> {
  for (const change of plan(desired, await router.snapshot(), FULL_CAPABILITIES)) await router.apply(change, NEVER);
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: string;
}

/** Routers, backends and sockets of a test, closed after it. */
export class TestBed {
  readonly #routers: LocalRouter[] = [];
  readonly #servers: Server[] = [];
  readonly #tcpServers: TcpServer[] = [];
  readonly #sockets: Socket[] = [];
  readonly #agent = new Agent({ keepAlive: true });

  async close(): Promise<void> {
    this.#agent.destroy();
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    await Promise.all(this.#routers.splice(0).map((router) => router.close()));
    for (const server of this.#tcpServers.splice(0)) server.close();
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  }

  async router(options: LocalRouterOptions = {}): Promise<LocalRouter> {
    const router = await createLocalRouter({ httpPort: 0, ...options });
    this.#routers.push(router);
    return router;
  }

  /** A backend on a free port of the loopback address; returns the port. */
  async backend(listener: RequestListener | Server): Promise<number> {
    const server = typeof listener === 'function' ? createServer(listener) : listener;
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return portOf(server);
  }

  /** A backend on a free port of the loopback address that does with its connections what it is told; returns the port. */
  async tcpBackend(serve: (socket: Socket) => void): Promise<number> {
    const server = createTcpServer((socket) => {
      this.#sockets.push(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    this.#tcpServers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return portOf(server);
  }

  /** A port on which nobody listens. */
  async closedPort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = portOf(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return port;
  }

  /** A router that sends everything to one pool with these members. */
  async routerTo(ports: readonly number[], options: LocalRouterOptions = {}): Promise<LocalRouter> {
    const router = await this.router(options);
    const members = ports.map((port) => testMember(port));
    await router.replace(desiredOf(router, [testPolicy()], [testPool(members)]), NEVER);
    return router;
  }

  get(
    router: LocalRouter,
    path = '/',
    options: { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', headers = {}, body } = options;
      const sent = request({ port: httpPort(router), host: '127.0.0.1', path, method, headers, agent: this.#agent });
      sent.once('error', reject);
      sent.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            trailers: response.trailers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.end(body);
    });
  }

  /** A connection of one's own to the router, to its HTTP listener unless told otherwise. */
  async connect(router: LocalRouter, port = httpPort(router)): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    this.#sockets.push(socket);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  }

  /** Sends bytes as they are, and returns what comes back until the router closes the connection. */
  async raw(router: LocalRouter, text: string): Promise<string> {
    const socket = await this.connect(router);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(text, 'latin1');
    await closed;
    return Buffer.concat(chunks).toString('latin1');
  }
}

export function httpPort(router: LocalRouter): number {
  return router.description.listeners.find(({ protocol }) => protocol === 'HTTP')?.port ?? 0;
}

export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  return address.port;
}
