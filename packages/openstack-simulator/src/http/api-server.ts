import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import { ApiFault } from './api-fault.js';
import type { ApiService } from './api-service.js';
import type { ApiAnswer, ApiRequest, Caller } from './exchange.js';
import type { Failure } from './interference.js';

const HOST = '127.0.0.1';

/** Serves all services of the simulated cloud on one port, as clouds do that have one host name. */
export class ApiServer {
  readonly #services: readonly ApiService[];
  readonly #authenticate: (token: string | undefined) => Caller | undefined;
  readonly #clock: Clock;
  readonly #server: Server;

  constructor(
    services: readonly ApiService[],
    authenticate: (token: string | undefined) => Caller | undefined,
    clock: Clock,
  ) {
    this.#services = services;
    this.#authenticate = authenticate;
    this.#clock = clock;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @returns the address, e.g. `http://127.0.0.1:40123` */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, HOST, resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');
    return `http://${HOST}:${address.port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('date', new Date(this.#clock.now()).toUTCString());
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? HOST}`);
    const service = this.#services.find(
      ({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`),
    );
    if (service === undefined) {
      send(response, { status: 404, body: { error: { code: 404, title: 'Not Found', message: 'No such service' } } });
      return;
    }
    let bytes: Buffer;
    try {
      bytes = await readAll(incoming);
    } catch {
      response.destroy();
      return;
    }
    const method = incoming.method ?? 'GET';
    const path = url.pathname.slice(service.prefix.length) || '/';
    const found = service.routes.find(method, path);
    const matched = typeof found === 'object' ? found : undefined;
    const request: ApiRequest = {
      method,
      path,
      parameters: matched?.parameters ?? {},
      query: url.searchParams,
      headers: incoming.headers,
      body: undefined,
      serviceUrl: `${url.origin}${service.prefix}`,
    };
    let answer: ApiAnswer | 'drop';
    try {
      answer = this.#answer(service, { ...request, body: parse(bytes, incoming) }, found);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      answer = { status: error.status, body: service.faultBody(error) };
    }
    const status = answer === 'drop' ? 0 : answer.status;
    service.traffic.record(matched?.route.pattern ?? path, { method, path: `${path}${url.search}`, status });
    if (answer === 'drop') incoming.socket.destroy();
    else send(response, answer);
  }

  #answer(
    service: ApiService,
    request: ApiRequest,
    found: ReturnType<ApiService['routes']['find']>,
  ): ApiAnswer | 'drop' {
    const failure = service.interference.take(request);
    if (failure !== undefined && failure.moment !== 'after') return failed(service, failure);
    const answer = this.#handle(request, found);
    return failure === undefined ? answer : failed(service, failure);
  }

  #handle(request: ApiRequest, found: ReturnType<ApiService['routes']['find']>): ApiAnswer {
    if (typeof found === 'object' && found.route.open) {
      return found.route.handle({ ...request, caller: { userId: '', projectId: '', roles: [] } });
    }
    const token = request.headers['x-auth-token'];
    const caller = this.#authenticate(typeof token === 'string' ? token : undefined);
    if (caller === undefined) return UNAUTHORIZED;
    if (found === undefined) throw new ApiFault(404, 'The resource could not be found.', 'early');
    if (found === 'method') throw new ApiFault(405, 'Method Not Allowed', 'early');
    return found.route.handle({ ...request, caller });
  }
}

/** Every service has the same: it comes from the middleware that checks tokens. */
const UNAUTHORIZED: ApiAnswer = {
  status: 401,
  body: { error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } },
};

function failed(service: ApiService, { answer, message }: Failure): ApiAnswer | 'drop' {
  if (answer === 'drop') return 'drop';
  return { status: answer, body: service.faultBody(new ApiFault(answer, message ?? 'A test ordered this failure.')) };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer, { headers }: IncomingMessage): unknown {
  if (bytes.length === 0) return undefined;
  const type = headers['content-type'] ?? 'application/json';
  if (!type.startsWith('application/json')) return bytes;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new ApiFault(400, 'Request is not in valid JSON format');
  }
}

function send(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'x-openstack-request-id': `req-${randomUUID()}`,
    ...(payload !== undefined && { 'content-type': 'application/json', 'content-length': payload.length }),
    ...headers,
  });
  response.end(payload);
}
