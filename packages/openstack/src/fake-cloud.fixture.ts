import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Cloud } from './cloud.js';
import { ImpatientClock } from './fake-clock.fixture.js';
import { type CloudOptions, openCloud } from './open-cloud.js';
import { RecordingLogger } from './recording-logger.fixture.js';
import type { CloudSettings } from './settings/cloud-settings.js';

/** A request that the cloud has seen. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Answers a request; `undefined` leaves that to the response. */
export type Respond = (
  seen: Seen,
  response: ServerResponse,
) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>;

export const PASSWORD = 'correct horse battery staple';

/** Keystone and all services on one real server of the loopback interface. */
export class FakeCloud {
  /** Requests to services. */
  readonly seen: Seen[] = [];
  /** Requests for tokens. */
  readonly logins: Seen[] = [];
  /** Milliseconds that tokens last. */
  tokenLifetime = 3_600_000;
  connections = 0;
  /** How services answer. */
  respond: Respond = () => ({ status: 404, body: { faultstring: 'nothing here' } });
  /** How Keystone answers; by default with token-1, token-2, … */
  login: Respond = () => this.token();
  readonly clock = new ImpatientClock();
  readonly logger = new RecordingLogger();
  readonly #clouds: Cloud[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(tls?: ServerOptions): Promise<FakeCloud> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const cloud = new FakeCloud(server, `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`);
    server.on('connection', () => {
      cloud.connections += 1;
    });
    server.on('request', (request, response) => void cloud.#handle(request, response));
    return cloud;
  }

  /** @param options Overrides those of tests: time that does not pass, no chance. */
  async open(settings: Partial<CloudSettings> = {}, options: CloudOptions = {}): Promise<Cloud> {
    const { clock, logger } = this;
    const cloud = await openCloud(this.settings(settings), { clock, logger, random: () => 0, ...options });
    this.#clouds.push(cloud);
    return cloud;
  }

  settings(overrides: Partial<CloudSettings> = {}): CloudSettings {
    return {
      origin: '[neutron]',
      authUrl: `${this.url}/identity/v3`,
      authentication: { method: 'password', user: { name: 'kuryr', domain: { name: 'Default' } }, password: PASSWORD },
      scope: { project: { name: 'service', domain: { id: 'default' } } },
      endpointInterface: 'public',
      endpointOverrides: {},
      tls: {},
      ...overrides,
    };
  }

  /** What Keystone answers. */
  token({ roles = ['load-balancer_member', 'member', 'creator'] } = {}): FakeAnswer {
    const issued = Date.parse('2020-02-02T02:02:02Z');
    const service = (type: string, path: string) => ({
      type,
      endpoints: [{ interface: 'public', region_id: 'RegionOne', url: this.url + path }],
    });
    return {
      status: 201,
      headers: { 'x-subject-token': `token-${this.logins.length}` },
      body: {
        token: {
          issued_at: new Date(issued).toISOString(),
          expires_at: new Date(issued + this.tokenLifetime).toISOString(),
          user: { id: 'u1', name: 'kuryr' },
          project: { id: 'p1', name: 'service' },
          roles: roles.map((name) => ({ name })),
          catalog: [
            service('load-balancer', '/octavia/v2'),
            service('network', '/neutron'),
            service('key-manager', '/barbican/'),
          ],
        },
      },
    };
  }

  async stop(): Promise<void> {
    for (const cloud of this.#clouds) cloud.close();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const url = new URL(request.url ?? '/', this.url);
    const seen: Seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: decodeURIComponent(url.search),
      headers: request.headers,
      body: body === '' ? undefined : JSON.parse(body),
    };
    const isLogin = seen.path.endsWith('/auth/tokens');
    (isLogin ? this.logins : this.seen).push(seen);
    const answer = await (isLogin ? this.login : this.respond)(seen, response);
    if (answer === undefined) return;
    response.writeHead(answer.status ?? 200, { 'x-openstack-request-id': 'req-1', ...answer.headers });
    response.end(answer.body === undefined || Buffer.isBuffer(answer.body) ? answer.body : JSON.stringify(answer.body));
  }
}
