import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { type Change, type L7Policy, type ObservedRouter, type Pool, plan, type Router } from '@kuryr-l7/router';
import type { L7Router } from '../l7-router-driver.js';
import { Backend, type Echo } from './backend.js';
import { desired } from './desired.js';
import type { ClientRequest, ClientResponse, L7RouterFixture, OpenedRouter } from './fixture.js';
import { HttpClient } from './http-client.js';

/** How the controller writes: one planned change after the other, or everything in one exchange. */
export type Mode = 'change by change' | 'in one exchange';

const POLL_MILLISECONDS = 20;

/** A router, the backends of one test, and a client. It is driven as the controller drives it: observe, plan, write. */
export class RouterUnderTest {
  readonly fixture: L7RouterFixture;
  readonly opened: OpenedRouter;
  router: L7Router;
  readonly #mode: Mode;
  readonly #client: HttpClient | undefined;
  readonly #backends: Backend[] = [];
  readonly #signal = new AbortController().signal;

  static async open(fixture: L7RouterFixture, mode: Mode): Promise<RouterUnderTest> {
    const opened = await fixture.open();
    try {
      return new RouterUnderTest(fixture, opened, mode);
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  private constructor(fixture: L7RouterFixture, opened: OpenedRouter, mode: Mode) {
    this.fixture = fixture;
    this.opened = opened;
    this.router = opened.router;
    this.#mode = mode;
    this.#client = opened.request === undefined ? new HttpClient(opened.router) : undefined;
  }

  async close(): Promise<void> {
    this.#client?.close();
    await this.opened.close();
    await Promise.all(this.#backends.map((backend) => backend.stop()));
  }

  /** Goes on with the router as another process would find it. */
  async reopen(): Promise<void> {
    assert.ok(this.fixture.reopen);
    this.router = await this.fixture.reopen(this.opened);
  }

  async backend(name: string): Promise<Backend> {
    const backend = await Backend.start(name, this.fixture.backendAddress ?? '127.0.0.1');
    this.#backends.push(backend);
    return backend;
  }

  snapshot(): Promise<ObservedRouter> {
    return this.router.snapshot({ full: true }, this.#signal);
  }

  /** The desired router with these policies on each listener. */
  desired(policies: readonly L7Policy[], pools: readonly Pool[]): Router {
    return desired(this.router.description.listeners, policies, pools);
  }

  async plan(wanted: Router): Promise<readonly Change[]> {
    return plan(wanted, await this.snapshot(), this.router.capabilities);
  }

  apply(change: Change): Promise<void> {
    return this.router.apply(change, this.#signal);
  }

  /** Makes the router have what is wanted, as the controller does. */
  async converge(wanted: Router): Promise<void> {
    const changes = await this.plan(wanted);
    if (changes.length === 0) return;
    if (this.#mode === 'in one exchange') {
      assert.ok(this.router.replace, 'a router with the capability atomicReplace has replace()');
      await this.router.replace(wanted, this.#signal);
    } else {
      for (const change of changes) await this.apply(change);
    }
  }

  want(policies: readonly L7Policy[], pools: readonly Pool[]): Promise<void> {
    return this.converge(this.desired(policies, pools));
  }

  request(request: ClientRequest): Promise<ClientResponse> {
    if (this.opened.request !== undefined) return this.opened.request(request);
    assert.ok(this.#client);
    return this.#client.request(request);
  }

  get(host: string, path = '/', headers: Readonly<Record<string, string>> = {}): Promise<ClientResponse> {
    return this.request({ host, path, headers });
  }

  /** Asks until the check passes or the time is up; then the check's own error is thrown. */
  async eventually(check: () => Promise<void>, milliseconds = this.fixture.patience ?? 0): Promise<void> {
    const end = performance.now() + milliseconds;
    for (;;) {
      try {
        await check();
        return;
      } catch (error) {
        if (performance.now() >= end) throw error;
      }
      await wait(POLL_MILLISECONDS);
    }
  }

  /** A request must reach this backend. */
  async assertReaches(backend: Backend, host: string, path = '/', headers: Readonly<Record<string, string>> = {}) {
    await this.eventually(async () => {
      const response = await this.get(host, path, headers);
      assert.equal(response.status, 200, `${host}${path} should reach ${backend.name}: ${response.body}`);
      assert.equal(backendOf(response), backend.name, `${host}${path} should reach ${backend.name}`);
    });
  }

  /** A request must be answered with this status. */
  async assertStatus(status: number, host: string, path = '/', headers: Readonly<Record<string, string>> = {}) {
    await this.eventually(async () => {
      const response = await this.get(host, path, headers);
      assert.equal(response.status, status, `${host}${path} should get ${status}: ${response.body}`);
    });
  }

  /** A request must be matched by no policy. */
  assertUnmatched(host: string, path = '/', headers: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.assertStatus(this.fixture.unmatchedStatus ?? 404, host, path, headers);
  }

  /** Which backends so many requests reach, and how often each. */
  async distribution(requests: number, host: string): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (let sent = 0; sent < requests; sent++) {
      const response = await this.get(host);
      assert.equal(response.status, 200, response.body);
      const backend = backendOf(response);
      counts.set(backend, (counts.get(backend) ?? 0) + 1);
    }
    return counts;
  }
}

/** What the backend behind an answer got. */
export function echoOf(response: ClientResponse): Echo {
  return JSON.parse(response.body);
}

export function backendOf(response: ClientResponse): string {
  return echoOf(response).backend;
}
