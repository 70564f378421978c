import { randomUUID } from 'node:crypto';
import type { ApiStep, RequestStep, Service, Step, User } from './expectation.js';
import { difference } from './matching.js';
import { lookUp, substitute } from './placeholders.js';

/** Of a cloud's facts, what expectations need. */
export interface CloudFacts {
  readonly authUrl: string;
  readonly endpoints: Readonly<Record<Service, string>>;
  readonly users: Readonly<Record<Exclude<User, 'nobody'>, { username: string; password: string; projectId: string }>>;
}

/** A cloud that expectations run against. */
export interface ExpectationCloud {
  readonly facts: CloudFacts;
  /** Milliseconds between two looks at a load balancer that is PENDING. */
  readonly pollMilliseconds: number;
  /** Milliseconds after which a load balancer that is still PENDING will be so for good. */
  readonly patienceMilliseconds: number;
  /** What the HTTP listener of a load balancer does with a request. */
  request(loadBalancer: { id: string; vip: string }, request: RequestStep['get']): Promise<RoutedAnswer>;
  /** Lets so much time pass. */
  wait(milliseconds: number): Promise<void>;
  /** From now on writes are taken and not carried out, until the returned function is called. */
  pause(): Promise<() => void>;
  /** Frees a load balancer that is PENDING for good, as an administrator can, so that it can be deleted. */
  unstick(loadBalancerId: string): Promise<void>;
}

/** What a client of a load balancer gets. */
export interface RoutedAnswer {
  readonly status: number;
  readonly location?: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** No write takes longer on any cloud here. */
const LONGEST_WRITE_MILLISECONDS = 60_000;
/** Of a request that is answered with 503. */
const ATTEMPTS = 20;

/** Runs the steps of one suite and keeps what they save. */
export class ExpectationRunner {
  readonly #cloud: ExpectationCloud;
  readonly #values: { facts: CloudFacts; loadBalancer?: unknown; [name: string]: unknown };
  readonly #tokens = new Map<User, string>();
  /** Lets the cloud go on. */
  #resume = () => {};
  /** The load balancer is PENDING for good. */
  #stuck = false;

  constructor(cloud: ExpectationCloud) {
    this.#cloud = cloud;
    this.#values = { facts: cloud.facts, unique: randomUUID() };
  }

  /** @throws Error that names the step and what differs */
  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await ('get' in step ? this.#route(step) : this.#call(step));
  }

  /** Deletes the load balancer saved as `loadBalancer`, in whatever state it is. */
  async deleteLoadBalancer(): Promise<void> {
    this.#resume();
    const id = this.#values.loadBalancer;
    if (typeof id !== 'string') return;
    const isStuck = this.#stuck || (await this.#pendingFor(id, LONGEST_WRITE_MILLISECONDS)).startsWith('PENDING');
    if (isStuck) await this.#cloud.unstick(id);
    await this.#request('admin', 'loadBalancer', 'DELETE', `/v2/lbaas/loadbalancers/${id}?cascade=true`);
    await this.#pendingFor(id, LONGEST_WRITE_MILLISECONDS);
  }

  async #call(step: ApiStep): Promise<void> {
    const { as = 'member', to = 'loadBalancer', after, paused = false } = step;
    if (after !== undefined) await this.#cloud.wait(after);
    if (paused) await this.#pause();
    const [method = '', ...rest] = String(substitute(step.send, this.#values)).split(' ');
    const body = substitute(step.body, this.#values);
    const answer = await this.#request(as, to, method, rest.join(' '), body, step.headers);
    const shown = `${step.send} was answered with ${answer.status} ${JSON.stringify(answer.body)}`;
    if (answer.status !== step.status) throw new Error(`${shown}; expected: ${step.status}`);
    const differs = difference(substitute(step.answer ?? {}, this.#values), answer.body ?? {});
    if (differs !== undefined) throw new Error(`${differs}. ${shown}`);
    for (const [name, path] of Object.entries(step.save ?? {})) this.#values[name] = lookUp(answer.body, path);
    if (step.settles !== undefined) await this.#settle(step.settles, step.send);
  }

  async #route({ get, gets, location }: RequestStep): Promise<void> {
    const id = String(this.#values.loadBalancer);
    const { body } = await this.#request('admin', 'loadBalancer', 'GET', `/v2/lbaas/loadbalancers/${id}`);
    const vip = String(lookUp(body, 'loadbalancer.vip_address'));
    const answer = await this.#cloud.request({ id, vip }, get);
    const differs = difference({ status: gets, ...(location !== undefined && { location }) }, answer);
    if (differs !== undefined) throw new Error(`${get.host}${get.path}: ${differs}`);
  }

  async #pause(): Promise<void> {
    const resume = await this.#cloud.pause();
    this.#resume = () => {
      resume();
      this.#resume = () => {};
    };
  }

  async #settle(expected: NonNullable<ApiStep['settles']>, after: string): Promise<void> {
    this.#resume();
    const id = String(this.#values.loadBalancer);
    const stays = expected === 'PENDING_UPDATE';
    const status = await this.#pendingFor(id, stays ? this.#cloud.patienceMilliseconds : LONGEST_WRITE_MILLISECONDS);
    if (status !== expected)
      throw new Error(`After ${after} the load balancer should be ${expected}, but is ${status}.`);
    this.#stuck = stays;
  }

  /** Looks until the load balancer is no longer PENDING or the time is up. */
  async #pendingFor(id: string, milliseconds: number): Promise<string> {
    for (let waited = 0; ; waited += this.#cloud.pollMilliseconds) {
      const { status, body } = await this.#request('admin', 'loadBalancer', 'GET', `/v2/lbaas/loadbalancers/${id}`);
      if (status === 404) return 'GONE';
      const found = String(lookUp(body, 'loadbalancer.provisioning_status'));
      if (!found.startsWith('PENDING') || waited >= milliseconds) return found;
      await this.#cloud.wait(this.#cloud.pollMilliseconds);
    }
  }

  async #request(
    as: User,
    to: Service,
    method: string,
    path: string,
    body?: unknown,
    headers: ApiStep['headers'] = {},
  ): Promise<Answer> {
    const token = as === 'nobody' ? undefined : await this.#token(as);
    // Barbican's references are whole addresses.
    const url = path.startsWith('http') ? path : `${this.#cloud.facts.endpoints[to]}${path}`;
    const send = () =>
      fetch(url, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { 'x-auth-token': token }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
      });
    let response = await send();
    // "Project busy. … Please try again.": other suites work in the same project.
    for (let attempt = 1; response.status === 503 && attempt < ATTEMPTS; attempt += 1) {
      await response.arrayBuffer();
      await this.#cloud.wait(this.#cloud.pollMilliseconds);
      response = await send();
    }
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  }

  async #token(as: Exclude<User, 'nobody'>): Promise<string> {
    const known = this.#tokens.get(as);
    if (known !== undefined) return known;
    const { username, password, projectId } = this.#cloud.facts.users[as];
    const user = { name: username, domain: { id: 'default' }, password };
    const identity = { methods: ['password'], password: { user } };
    const response = await fetch(`${this.#cloud.facts.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { id: projectId } } } }),
    });
    await response.arrayBuffer();
    const token = response.headers.get('x-subject-token');
    if (token === null) throw new Error(`Keystone gave ${username} no token: ${response.status}`);
    this.#tokens.set(as, token);
    return token;
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
