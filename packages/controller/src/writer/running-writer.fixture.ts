import { afterEach, beforeEach, jest } from '@jest/globals';
import { type Logger, SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Compilation, L7Policy, PoolRequest } from '@kuryr-l7/router';
import { DesiredRouterState } from '../desired/desired-router-state.js';
import type { MemoryRouter } from './memory-router.fixture.js';
import { RouterWriter } from './router-writer.js';

const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };
export const member = { address: '10.0.0.1', port: 80, weight: 1, backup: false };

/** Routes for hosts: one policy and one pool each. */
export function compilation(...hosts: readonly string[]): Compilation {
  const policies = hosts.map(
    (host): L7Policy => ({
      key: `${host}|Prefix|/`,
      action: 'REDIRECT_TO_POOL',
      redirectPool: `ns_${host}`,
      enabled: true,
      rules: [{ type: 'HOST_NAME', compareType: 'REGEX', value: `^${host}(:[0-9]*)?$`, invert: false }],
      source: { ...source, name: host },
    }),
  );
  const pools = hosts.map(
    (host): PoolRequest => ({
      name: `ns_${host}`,
      service: `ns/${host}`,
      port: { number: 80 },
      lbAlgorithm: 'ROUND_ROBIN',
      source,
    }),
  );
  return { policies, pools, outcomes: new Map() };
}

/** A cluster that wants one route for each host. */
export class Cluster {
  readonly desired = new DesiredRouterState();
  #compilation = compilation();

  constructor(...hosts: readonly string[]) {
    this.#compilation = compilation(...hosts);
    this.desired.addRoutes({ name: 'ingresslb', compile: () => this.#compilation });
  }

  route(...hosts: readonly string[]): void {
    this.want(compilation(...hosts));
  }

  want(compilation: Compilation): void {
    this.#compilation = compilation;
    this.desired.changed();
  }
}

/** Milliseconds. */
export const RESYNC = 300_000;
let writer: RouterWriter | undefined;

/** Starts a writer, which is stopped after the test. */
export function write(cluster: Cluster, driver: MemoryRouter, logger: Logger = SILENT_LOGGER): RouterWriter {
  writer = new RouterWriter({
    driver,
    desired: cluster.desired,
    logger,
    resyncPeriod: RESYNC,
    coalesceWindow: 20,
  });
  writer.start();
  return writer;
}

/** Lets everything happen that is due within so many milliseconds. */
export const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

/** Keys of the policies that the router has. */
export const policies = (driver: MemoryRouter) => driver.state.listeners[0]?.policies.map(({ key }) => key) ?? [];

/** Each test has its own time, which passes when it says so. */
export function useFakeTime(): void {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  });

  afterEach(async () => {
    const stopped = writer?.stop();
    await pass(60_000);
    await stopped;
    writer = undefined;
    jest.useRealTimers();
  });
}
