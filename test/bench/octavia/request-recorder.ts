import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
}

/** A reverse proxy between the controller and Octavia that records what is asked, in order. */
export class RequestRecorder {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;
  readonly #upstream: URL;
  readonly #listeners = new Set<(request: RecordedRequest) => void>();
  #reads = 0;
  #writes = 0;

  /** @param upstream Octavia's address, with its path where it has one */
  static async listen(upstream: string): Promise<RequestRecorder> {
    const recorder = new RequestRecorder(new URL(upstream));
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  private constructor(upstream: URL) {
    this.#upstream = upstream;
    this.#server = createServer((incoming, response) => this.#forward(incoming, response));
  }

  /** In place of Octavia's address. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#upstream.pathname.replace(/\/$/, '')}`;
  }

  /** GET requests. */
  get reads(): number {
    return this.#reads;
  }

  /** All others, whatever their answer. */
  get writes(): number {
    return this.#writes;
  }

  /** Called with each request before it is sent on. Returns the unsubscription. */
  onRequest(listener: (request: RecordedRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url: path = '/', headers } = incoming;
    if (method === 'GET') this.#reads += 1;
    else this.#writes += 1;
    for (const listener of this.#listeners) listener({ method, path });
    const { hostname, port } = this.#upstream;
    const outgoing = request({ agent: this.#agent, hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    // The controller has given it up.
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }
}
