import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Certificate } from '../../packages/openstack/src/certificates.fixture.js';

/** A request on its way to the service. */
type Passing = Pick<IncomingMessage, 'method' | 'url'>;

/** What stands before a service of the bed, as a load balancer of the cloud does: passes requests on, and fails on order. */
export class Gateway {
  readonly #target: URL;
  readonly #server: Server;
  readonly #isTls: boolean;
  /** Method and path of each request that was no GET. */
  readonly writes: string[] = [];
  #port = 0;
  #failure: { readonly matches: (request: Passing) => boolean; readonly status: number } | undefined;

  /** @param certificate for https; a gateway without one speaks http */
  static async to(target: string, certificate?: Certificate): Promise<Gateway> {
    const gateway = new Gateway(new URL(target), certificate);
    await gateway.open();
    return gateway;
  }

  private constructor(target: URL, certificate?: Certificate) {
    this.#target = target;
    this.#isTls = certificate !== undefined;
    const pass = (request: IncomingMessage, response: ServerResponse) => this.#pass(request, response);
    this.#server =
      certificate === undefined
        ? createServer(pass)
        : createTlsServer({ cert: certificate.certificate, key: certificate.key }, pass);
  }

  /** With the path of the service, e.g. `/v3`. */
  get url(): string {
    return `${this.#isTls ? 'https' : 'http'}://127.0.0.1:${this.#port}${this.#target.pathname.replace(/\/$/, '')}`;
  }

  /** Opens the port, the same as before. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes the port and breaks off what is under way. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    if ('closeAllConnections' in this.#server) (this.#server as TlsServer).closeAllConnections();
    await closed;
  }

  renew({ certificate, key }: Certificate): void {
    (this.#server as TlsServer).setSecureContext({ cert: certificate, key });
  }

  /** The next such request is done by the service, and answered with this status. */
  failOnceDone(matches: (request: Passing) => boolean, status: number): void {
    this.#failure = { matches, status };
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const failure = this.#failure?.matches(request) === true ? this.#failure : undefined;
    if (failure !== undefined) this.#failure = undefined;
    const { method, url: path, headers } = request;
    if (method !== 'GET') this.writes.push(`${method} ${path}`);
    const { hostname, port } = this.#target;
    const passed = send({ hostname, port, method, path, headers, agent: false }, (answer) => {
      if (failure === undefined) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume();
      answer.once('end', () => response.writeHead(failure.status).end('<html>Bad gateway</html>'));
    });
    passed.once('error', () => response.destroy());
    request.pipe(passed);
  }
}
