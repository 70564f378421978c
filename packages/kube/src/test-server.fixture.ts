import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server on a free port of the loopback interface. */
export class TestServer {
  /** TCP connections taken so far. */
  connections = 0;
  /** TLS handshakes completed so far. */
  handshakes = 0;
  readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.open.add(socket);
      socket.on('close', () => this.open.delete(socket));
    });
    server.on('secureConnection', () => {
      this.handshakes += 1;
    });
  }

  static async start(listener: RequestListener, tls?: ServerOptions): Promise<TestServer> {
    const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new TestServer(server, `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** The JSON that a request carries. */
export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(await text(request));
}
