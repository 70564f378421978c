import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What a backend says it got. */
export interface Echo {
  readonly backend: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A real HTTP server that tells who it is and what it got. */
export class Backend {
  readonly name: string;
  readonly address: string;
  /** While false, `/healthz` is answered with 503. */
  healthy = true;
  readonly #server: Server;
  #held: Promise<void> | undefined;
  #waiting = 0;

  static async start(name: string, address: string): Promise<Backend> {
    const backend = new Backend(name, address);
    await new Promise<void>((resolve, reject) => {
      backend.#server.once('error', reject);
      backend.#server.listen(0, address, resolve);
    });
    return backend;
  }

  private constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error(`Backend ${this.name} does not listen.`);
    return address.port;
  }

  /** Requests that wait in it. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Holds requests back from now on; what is returned lets them go. */
  hold(): () => void {
    let release = (): void => {};
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#held = undefined;
      release();
    };
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === '/healthz') {
      response.writeHead(this.healthy ? 200 : 503).end();
      return;
    }
    this.#waiting++;
    await this.#held;
    this.#waiting--;
    const echo: Echo = {
      backend: this.name,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echo));
  }
}
