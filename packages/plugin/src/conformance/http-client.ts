import { Agent, request as sendRequest } from 'node:http';
import type { L7Router } from '../l7-router-driver.js';
import type { ClientRequest, ClientResponse } from './fixture.js';

/** A client of a router's HTTP listener that keeps its connections. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #address: string;
  readonly #port: number;

  constructor({ description }: L7Router) {
    const listener = description.listeners.find(({ protocol }) => protocol === 'HTTP');
    const [address] = description.addresses;
    const host = address?.ip ?? address?.hostname;
    if (listener === undefined || host === undefined) {
      throw new Error('The router has no HTTP listener or no address: give the fixture a request() of its own.');
    }
    this.#address = host;
    this.#port = listener.port;
  }

  request({ method = 'GET', host, path, headers = {}, body }: ClientRequest): Promise<ClientResponse> {
    return new Promise((resolve, reject) => {
      const options = { host: this.#address, port: this.#port, method, path, agent: this.#agent };
      const sent = sendRequest({ ...options, headers: { host, ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
