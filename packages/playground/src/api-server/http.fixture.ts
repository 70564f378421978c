import { Agent, type RequestOptions, request } from 'node:https';
import { type ApiServer, type ApiServerOptions, startApiServer } from './api-server.js';
import { TRIVIAL_SCHEMA } from './schema.fixture.js';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed text. */
  readonly json: Record<string, unknown>;
}

/** A server and a client that trusts it. */
export class HttpFixture {
  readonly server: ApiServer;
  readonly #agent: Agent;

  private constructor(server: ApiServer) {
    this.server = server;
    this.#agent = new Agent({ ca: server.ca });
  }

  static async start(options: Partial<ApiServerOptions> = {}): Promise<HttpFixture> {
    return new HttpFixture(await startApiServer({ schema: TRIVIAL_SCHEMA, ...options }));
  }

  get(path: string, accept = 'application/json'): Promise<HttpAnswer> {
    return this.send('GET', path, undefined, { accept });
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const bytes =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      // Node frames the body of a DELETE only when its length is said.
      const framed = bytes === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(bytes)) };
      const sent = request(this.#options(method, path, framed), (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers: answered } = response;
          resolve({
            status,
            headers: answered,
            text,
            get json() {
              return JSON.parse(text) as Record<string, unknown>;
            },
          });
        });
      });
      sent.once('error', reject);
      sent.end(bytes);
    });
  }

  watch(path: string, accept = 'application/json'): HttpWatch {
    return new HttpWatch(this.#options('GET', path, { accept }));
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.server.close();
  }

  #options(method: string, path: string, headers: Readonly<Record<string, string>>): RequestOptions & { url: string } {
    return {
      url: this.server.url,
      host: '127.0.0.1',
      port: this.server.port,
      agent: this.#agent,
      method,
      path,
      headers: { authorization: `Bearer ${this.server.token}`, ...headers },
    };
  }
}

/** An open watch, read line by line. */
export class HttpWatch {
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  readonly #sent;
  #rest = '';
  #ended = false;

  constructor(options: RequestOptions) {
    this.#sent = request(options, (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.#add(text));
      response.once('error', () => this.#end());
      response.once('end', () => this.#end());
    });
    this.#sent.once('error', () => this.#end());
    this.#sent.end();
  }

  /** The next event; undefined when the watch has ended. */
  async next(): Promise<{ readonly type: string; readonly object: Record<string, unknown> } | undefined> {
    const line = await this.line();
    return line === undefined ? undefined : JSON.parse(line);
  }

  line(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#sent.destroy();
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#lines.push(line);
      else waiting(line);
    }
  }

  #end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }
}
