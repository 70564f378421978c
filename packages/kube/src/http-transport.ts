import got, { type OptionsInit, RequestError } from 'got';
import { AgentPool } from './agent-pool.js';
import type { Connection, Credentials } from './credentials.js';
import { KubernetesConnectionError, KubernetesResponseError } from './errors.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import type { HttpMethod, KubernetesTransport, Query, RequestOptions, StreamOptions } from './kubernetes-transport.js';

export interface TransportOptions {
  /** Milliseconds for name look-up, TCP and TLS, each. @default 10_000 */
  readonly connectTimeout?: number;
  /** Milliseconds for a whole request other than a stream. @default 60_000 */
  readonly requestTimeout?: number;
  /** @default 'kuryr-l7' */
  readonly userAgent?: string;
}

/** The transport over got and one keep-alive agent for each set of certificates. */
export function createTransport(connection: Connection, options: TransportOptions = {}): KubernetesTransport {
  return new HttpTransport(connection, options);
}

class HttpTransport implements KubernetesTransport {
  readonly #agents: AgentPool;

  constructor(
    private readonly connection: Connection,
    private readonly settings: TransportOptions,
  ) {
    this.#agents = new AgentPool(connection.server.protocol);
  }

  async requestJson(method: HttpMethod, path: string, options: RequestOptions = {}): Promise<unknown> {
    const url = this.#url(path, options.query);
    const request = `${method} ${url.pathname}`;
    return this.#authenticated(async (credentials) => {
      const { requestTimeout = 60_000 } = this.settings;
      const response = await got(url, {
        ...this.#shared(credentials),
        method,
        timeout: { ...this.#connectTimeouts(), request: requestTimeout },
        responseType: 'text',
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        headers: {
          ...this.#headers(credentials),
          ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
        },
      }).catch((error: unknown) => this.#fail(request, error, options.signal));
      if (!response.ok) throw apiError(request, response.statusCode, response.body, response.headers['retry-after']);
      return parse(request, response.body);
    });
  }

  async *stream(path: string, { query, signal, onOpen }: StreamOptions): AsyncIterable<Uint8Array> {
    const url = this.#url(path, query);
    const request = `GET ${url.pathname}`;
    const answer = await this.#authenticated((credentials) => this.#open(request, url, credentials, signal));
    onOpen?.();
    yield* answer;
  }

  dropIdleConnections(): void {
    this.#agents.dropIdleConnections();
  }

  close(): void {
    this.#agents.close();
  }

  /** Resolves when the answer has begun and is a good one. */
  async #open(
    request: string,
    url: URL,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const stream = got.stream(url, {
      ...this.#shared(credentials),
      timeout: this.#connectTimeouts(),
      // Nothing may wait in a decompressor for more to come.
      decompress: false,
      headers: this.#headers(credentials),
      signal,
    });
    const chunks = this.#chunks(request, stream, signal);
    const status = await new Promise<number>((resolve, reject) => {
      stream.once('response', (response: { statusCode: number }) => resolve(response.statusCode));
      stream.once('error', reject);
    }).catch((error: unknown) => this.#fail(request, error, signal));
    if (status >= 200 && status < 300) return chunks;
    const body: Uint8Array[] = [];
    for await (const chunk of chunks) body.push(chunk);
    throw apiError(request, status, Buffer.concat(body).toString('utf8'), stream.response?.headers['retry-after']);
  }

  async *#chunks(request: string, stream: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
    try {
      yield* stream;
    } catch (error) {
      this.#fail(request, error, signal);
    }
  }

  /** Tries once more with newer credentials on 401: a token was rotated between its reading and its use. */
  async #authenticated<T>(send: (credentials: Credentials) => Promise<T>): Promise<T> {
    const credentials = await this.connection.credentials.current();
    try {
      return await send(credentials);
    } catch (error) {
      if (!(error instanceof KubernetesApiError) || error.status !== 401) throw error;
      return send(await this.connection.credentials.refresh(credentials));
    }
  }

  #shared(credentials: Credentials): Pick<OptionsInit, 'agent' | 'retry' | 'throwHttpErrors' | 'followRedirect'> {
    return {
      agent: this.#agents.agentsFor(credentials),
      // Who retries what is decided by the reflector, the work queue, the writer.
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
    };
  }

  #headers(credentials: Credentials): Record<string, string> {
    return { accept: 'application/json', 'user-agent': this.settings.userAgent ?? 'kuryr-l7', ...credentials.headers };
  }

  #connectTimeouts(): { lookup: number; connect: number; secureConnect: number } {
    const { connectTimeout = 10_000 } = this.settings;
    return { lookup: connectTimeout, connect: connectTimeout, secureConnect: connectTimeout };
  }

  #url(path: string, query: Query = {}): URL {
    const url = new URL(this.connection.server);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }

  #fail(request: string, error: unknown, signal?: AbortSignal): never {
    signal?.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    const { origin, server } = this.connection;
    throw new KubernetesConnectionError(
      `${request}: no complete answer from the API server ${server.origin} (${origin}): ${error.message || error.code}`,
      { cause: error },
    );
  }
}

function apiError(request: string, status: number, text: string, retryAfter: string | undefined): KubernetesApiError {
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Not the API server but a proxy speaks: its text is quoted.
  }
  return KubernetesApiError.fromStatus(request, status, body, retryAfter);
}

function parse(request: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KubernetesResponseError(`${request}: the answer is not JSON: ${JSON.stringify(text.slice(0, 200))}`, {
      cause,
    });
  }
}
