import { setTimeout as delay } from 'node:timers/promises';
import type { Facts, Login } from './bed/facts.js';

/** The tests know the shape of each answer. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A token of the bed's Keystone; what is left out of `auth` is Keystone's default. */
async function tokenFor(facts: Facts, auth: unknown): Promise<string> {
  const response = await fetch(`${facts.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  const token = response.headers.get('X-Subject-Token');
  if (token === null) throw new Error(`Keystone answered ${response.status}: ${await response.text()}`);
  return token;
}

export function tokenByPassword(facts: Facts, login: Login): Promise<string> {
  const { username, password, projectId } = login;
  return tokenFor(facts, {
    identity: { methods: ['password'], password: { user: { name: username, domain: { id: 'default' }, password } } },
    scope: { project: { id: projectId } },
  });
}

export function tokenByApplicationCredential(facts: Facts): Promise<string> {
  const { id, secret } = facts.applicationCredential;
  return tokenFor(facts, {
    identity: { methods: ['application_credential'], application_credential: { id, secret } },
  });
}

/** Plain requests to one service of the bed: nothing but a token between a test and the wire. */
export class ServiceRequests {
  readonly #endpoint: string;
  readonly #token: string;

  /** @param endpoint - with the version, such as `/v2.0`. */
  constructor(endpoint: string, token: string) {
    this.#endpoint = endpoint;
    this.#token = token;
  }

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#endpoint}${path}`, {
      method,
      headers: { 'X-Auth-Token': this.#token, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  }

  /** Creates an object and gives it as the service answers it. */
  async create(kind: string, path: string, attributes: object): Promise<Readonly<Record<string, unknown>>> {
    const { status, body } = await this.request('POST', path, { [kind]: attributes });
    const created = body[kind];
    if (status === 201 && created !== undefined) return created;
    throw new Error(`POST ${path} was answered with ${status}: ${JSON.stringify(body)}`);
  }
}

/** Octavia, whose load balancers are locked after each write. */
export class OctaviaRequests extends ServiceRequests {
  constructor(facts: Facts, token: string) {
    super(`${facts.endpoints.loadBalancer}/v2.0/lbaas`, token);
  }

  /** Creates an object, waits until its load balancer may be written again, and gives the object's id. */
  async createAndSettle(kind: string, path: string, attributes: object, loadBalancerId?: string): Promise<string> {
    const id = String((await this.create(kind, path, attributes)).id);
    await this.settled(loadBalancerId ?? id);
    return id;
  }

  /** Waits until a load balancer is no longer PENDING; gives its provisioning status, DELETED once it is gone. */
  async settled(loadBalancerId: string): Promise<string> {
    for (let attempt = 0; attempt < 600; attempt += 1) {
      const { status, body } = await this.request('GET', `/loadbalancers/${loadBalancerId}`);
      if (status === 404) return 'DELETED';
      const provisioningStatus = String(body.loadbalancer?.provisioning_status);
      if (!provisioningStatus.startsWith('PENDING')) return provisioningStatus;
      await delay(100);
    }
    throw new Error(`Load balancer ${loadBalancerId} is still PENDING after a minute.`);
  }
}
