/** The few requests that set the bed up: JSON with a token, and the object of a name made where it is missing. */
import { setTimeout as delay } from 'node:timers/promises';
import { BedError } from './bed-error.js';

export type Attributes = Readonly<Record<string, unknown>>;
export type Entity = Attributes & { readonly id: string };

/** Services answer 5xx for a moment after they have started. */
const ATTEMPTS = 20;

export class Rest {
  readonly #endpoint: string;
  readonly #token: string;

  constructor(endpoint: string, token: string) {
    this.#endpoint = endpoint;
    this.#token = token;
  }

  /** @throws {BedError} for any answer of 400 or more. */
  async request(method: string, path: string, body?: Attributes): Promise<Attributes> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${this.#endpoint}${path}`, {
        method,
        headers: { 'X-Auth-Token': this.#token, 'Content-Type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? {} : JSON.parse(text);
      if (response.status < 500 || attempt === ATTEMPTS) {
        throw new BedError(`${method} ${this.#endpoint}${path} was answered with ${response.status}: ${text}`);
      }
      await delay(500);
    }
  }

  async list(plural: string, query = ''): Promise<readonly Entity[]> {
    // Collections answer { <last element of the path>: [...] }.
    const answer = await this.request('GET', `/${plural}${query}`);
    return answer[plural.slice(plural.lastIndexOf('/') + 1)] as readonly Entity[];
  }

  /** The object named `attributes.name`, made with these attributes where there is none. `kind` is singular. */
  async ensure(kind: string, attributes: Attributes & { readonly name: string }, plural = `${kind}s`): Promise<Entity> {
    const [existing] = await this.list(plural, `?name=${encodeURIComponent(attributes.name)}`);
    if (existing !== undefined) return existing;
    const answer = await this.request('POST', `/${plural}`, { [kind]: attributes });
    return answer[kind] as Entity;
  }
}
