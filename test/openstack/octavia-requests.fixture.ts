import { setTimeout as delay } from 'node:timers/promises';
import type { Facts, Login } from './bed/facts.js';

/** JSON as Octavia answers it; the tests know its shape. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, Readonly<Record<string, unknown>>>> & { readonly faultstring?: string };
}

/** Plain requests to the bed, with a token and nothing else between a test and the wire. */
export class OctaviaRequests {
  readonly #endpoint: string;
  readonly #token: string;

  private constructor(endpoint: string, token: string) {
    this.#endpoint = endpoint;
    this.#token = token;
  }

  static async logIn(facts: Facts, login: Login = facts.users.member): Promise<OctaviaRequests> {
    const { username, password, projectId } = login;
    return OctaviaRequests.#authenticated(facts, {
      identity: { methods: ['password'], password: { user: { name: username, domain: { id: 'default' }, password } } },
      scope: { project: { id: projectId } },
    });
  }

  static async logInByApplicationCredential(facts: Facts): Promise<OctaviaRequests> {
    const { id, secret } = facts.applicationCredential;
    return OctaviaRequests.#authenticated(facts, {
      identity: { methods: ['application_credential'], application_credential: { id, secret } },
    });
  }

  static async #authenticated(facts: Facts, auth: unknown): Promise<OctaviaRequests> {
    const response = await fetch(`${facts.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ auth }),
    });
    const token = response.headers.get('X-Subject-Token');
    if (token === null) throw new Error(`Keystone answered ${response.status}: ${await response.text()}`);
    return new OctaviaRequests(`${facts.endpoints.loadBalancer}/v2.0/lbaas`, token);
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

  /** Creates an object, waits until its load balancer may be written again, and gives the object's id. */
  async create(kind: string, path: string, attributes: object, loadBalancerId?: string): Promise<string> {
    const { status, body } = await this.request('POST', path, { [kind]: attributes });
    if (status !== 201) throw new Error(`POST ${path} was answered with ${status}: ${JSON.stringify(body)}`);
    const id = String(body[kind]?.id);
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
