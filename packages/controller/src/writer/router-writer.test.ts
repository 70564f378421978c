import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Logger, SILENT_LOGGER } from '@kuryr-l7/kube';
import { RouterRefusedError, RouterUnavailableError, TemporaryRouterError } from '@kuryr-l7/plugin';
import {
  type Compilation,
  emptyRouter,
  FULL_CAPABILITIES,
  type L7Policy,
  type PoolRequest,
  prefixPathRule,
  route,
} from '@kuryr-l7/router';
import { DesiredRouterState } from '../desired/desired-router-state.js';
import { MemoryRouter } from './memory-router.fixture.js';
import { RouterWriter } from './router-writer.js';

const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };
const member = { address: '10.0.0.1', port: 80, weight: 1, backup: false };

/** Routes for hosts: one policy and one pool each. */
function compilation(...hosts: readonly string[]): Compilation {
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

class Cluster {
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

const RESYNC = 300_000;
let writer: RouterWriter | undefined;

function write(cluster: Cluster, driver: MemoryRouter, logger: Logger = SILENT_LOGGER): RouterWriter {
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
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

const policies = (driver: MemoryRouter) => driver.state.listeners[0]?.policies.map(({ key }) => key) ?? [];

describe('the writer of the router', () => {
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

  it('writes nothing before every object of the cluster has been seen', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    write(cluster, driver);
    await pass(10_000);
    expect(driver.writes).toEqual([]);
    cluster.desired.start();
    await pass(100);
    expect(policies(driver)).toEqual(['a.example|Prefix|/']);
  });

  it('reports what is in effect, once for each state', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    const reports: number[] = [];
    cluster.desired.onApplied(({ compilations }) => reports.push(compilations.get('ingresslb')?.policies.length ?? -1));
    cluster.desired.start();
    write(cluster, driver);
    await pass(100);
    cluster.route('a.example', 'b.example');
    await pass(100);
    expect(reports).toEqual([1, 2]);
  });

  it('writes nothing after a restart when nothing differs', async () => {
    const driver = new MemoryRouter();
    const first = new Cluster('a.example', 'b.example');
    first.desired.start();
    const before = write(first, driver);
    await pass(100);
    const stopped = before.stop();
    await pass(1_000);
    await stopped;
    const count = driver.writes.length;

    const second = new Cluster('a.example', 'b.example');
    second.desired.start();
    write(second, driver);
    await pass(100);
    expect(driver.writes).toHaveLength(count);
  });

  it('looks at the router again in time though the clock of the machine was set back', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    write(cluster, driver);
    await pass(100);
    jest.setSystemTime(Date.now() - 86_400_000);
    const snapshots = driver.snapshots;
    await pass(RESYNC + 1_000);
    expect(driver.snapshots).toBeGreaterThan(snapshots);
  });

  it('undoes at the next resync what somebody else changed', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    write(cluster, driver);
    await pass(100);
    driver.state = {
      ...driver.state,
      listeners: driver.state.listeners.map((listener) => ({ ...listener, policies: [] })),
    };
    await pass(RESYNC + 100);
    expect(policies(driver)).toEqual(['a.example|Prefix|/']);
  });

  it('tells whose doing it was that a policy is gone', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    const told: string[] = [];
    write(cluster, driver, { ...SILENT_LOGGER, warn: (message) => void told.push(message) });
    await pass(100);
    cluster.route();
    await pass(100);
    cluster.route('a.example');
    await pass(RESYNC + 100);
    expect(told).toEqual([]);
    driver.state = {
      ...driver.state,
      listeners: emptyRouter([{ key: 'HTTP:80', protocol: 'HTTP', port: 80 }]).listeners,
    };
    await pass(RESYNC + 100);
    expect(told).toEqual(['policy a.example|Prefix|/ of HTTP:80 is gone: somebody else has deleted it']);
  });

  it('plans from what it knew last, and says how old that is, while a change takes long', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    const running = write(cluster, driver);
    await pass(100);
    driver.beforeChange = () => new Promise((resolve) => setTimeout(resolve, 40_000));
    cluster.route('a.example', 'b.example');
    await pass(1_000);
    const asked = new AbortController();
    const answer = running.plan(asked.signal);
    await pass(5_000);
    asked.abort();
    const late = await answer;
    expect(late?.changes.map(({ type }) => type)).toContain('createPolicy');
    expect(late?.age).toBeGreaterThanOrEqual(5_000);
    driver.beforeChange = () => undefined;
    await pass(200_000);
    expect(await running.plan(new AbortController().signal)).toMatchObject({ changes: [], age: 0 });
  });

  it('logs a failure once until all is well again, which it logs too', async () => {
    const driver = new MemoryRouter();
    driver.openError = new RouterUnavailableError('port 80 is taken');
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    const told: string[] = [];
    const record = (message: string) => void told.push(message);
    write(cluster, driver, { ...SILENT_LOGGER, error: record, info: record });
    await pass(60_000);
    expect(told).toEqual(['L7 router driver memory: port 80 is taken']);
    driver.openError = undefined;
    await pass(60_000);
    expect(told.slice(1)).toContain('L7 router memory is up to date again');
    driver.openError = undefined;
  });

  it('makes one write for all that comes within the window', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    write(cluster, driver);
    await pass(100);
    const count = driver.writes.length;
    for (let port = 1; port <= 10; port += 1) {
      cluster.desired.setMembers('ns_a.example', [{ ...member, port }]);
      await pass(1);
    }
    await pass(100);
    expect(driver.writes.slice(count)).toEqual([
      { type: 'setMembers', pool: 'ns_a.example', members: [{ ...member, port: 10 }] },
    ]);
  });

  it('plans for a newer state between two changes', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    driver.beforeChange = async () => {
      if (driver.writes.length === 0) cluster.route();
      await new Promise((resolve) => setTimeout(resolve, 10));
    };
    write(cluster, driver);
    await pass(200);
    expect(policies(driver)).toEqual([]);
    expect(driver.state.pools).toEqual([]);
    expect(driver.writes.map(({ type }) => type)).not.toContain('createPolicy');
  });

  it('tries again after a passing failure, from a new look at the router', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    let failures = 3;
    driver.beforeChange = () => {
      failures -= 1;
      if (failures >= 0) throw new TemporaryRouterError('busy');
    };
    const running = write(cluster, driver);
    await pass(50);
    expect(running.state.problem).toContain('busy');
    await pass(30_000);
    expect(policies(driver)).toEqual(['a.example|Prefix|/']);
    expect(running.state.problem).toBeUndefined();
    expect(driver.snapshots).toBeGreaterThan(3);
  });

  it('says why a router can’t be opened, and opens it as soon as it can', async () => {
    const driver = new MemoryRouter();
    driver.openError = new RouterUnavailableError('port 80 is taken');
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    const running = write(cluster, driver);
    await pass(5_000);
    expect(running.state.problem).toBe('L7 router driver memory: port 80 is taken');
    driver.openError = undefined;
    await pass(60_000);
    expect(policies(driver)).toEqual(['a.example|Prefix|/']);
    expect(running.state).toMatchObject({ phase: 'open' });
    expect(running.state.problem).toBeUndefined();
  });

  it('opens a router anew that was lost', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    let lost = true;
    driver.beforeChange = () => {
      if (lost) throw new RouterUnavailableError('gone');
    };
    write(cluster, driver);
    await pass(50);
    expect(driver.closed).toBe(1);
    lost = false;
    await pass(60_000);
    expect(driver.opened).toBe(2);
    expect(policies(driver)).toEqual(['a.example|Prefix|/']);
  });

  it('goes on with everybody else when the router refuses one object, tells its owner, and tries again later', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example', 'bad.example', 'c.example');
    const refusals: string[][] = [];
    cluster.desired.onApplied((report) => refusals.push(report.refusals.map(({ source: { name } }) => name)));
    cluster.desired.start();
    let refusing = true;
    driver.beforeChange = (change) => {
      if (refusing && change.type === 'createPolicy' && change.policy.key.startsWith('bad')) {
        throw new RouterRefusedError('bad regex');
      }
    };
    write(cluster, driver);
    await pass(100);
    expect(policies(driver)).toEqual(['a.example|Prefix|/', 'c.example|Prefix|/']);
    expect(refusals.at(-1)).toEqual(['bad.example']);
    refusing = false;
    await pass(60_000);
    expect([...policies(driver)].sort()).toEqual(['a.example|Prefix|/', 'bad.example|Prefix|/', 'c.example|Prefix|/']);
    expect(refusals.at(-1)).toEqual([]);
  });

  it('leaves a host to its Service while a path of it waits, half-made, for members of another one that are refused', async () => {
    const driver = new MemoryRouter({
      ...FULL_CAPABILITIES,
      policyWithRules: false,
      poolWithMembers: false,
      atomicReplace: false,
    });
    const cluster = new Cluster('a.example', 'b.example');
    const members = (count: number) => Array.from({ length: count }, (_, index) => ({ ...member, port: 80 + index }));
    cluster.desired.fillsPools('lb');
    cluster.desired.setMembers('ns_a.example', members(1));
    cluster.desired.setMembers('ns_b.example', members(1));
    cluster.desired.start();
    write(cluster, driver);
    await pass(100);

    const answers: (string | undefined)[] = [];
    driver.beforeChange = (change) => {
      answers.push(route(driver.state, 'HTTP:80', { host: 'a.example', path: '/' }).pool);
      if (change.type === 'setMembers' && change.members.length > 1) throw new RouterRefusedError('quota');
      if (change.type === 'createRule') cluster.desired.setMembers('ns_b.example', members(2));
    };
    const routes = compilation('a.example', 'b.example');
    const [toA, toB] = routes.policies;
    if (toA === undefined || toB === undefined) throw new Error('one policy for each host');
    const admin = { ...toB, key: 'a.example|Prefix|/admin', rules: [...toA.rules, prefixPathRule('/admin')] };
    cluster.want({ ...routes, policies: [admin, ...routes.policies] });
    await pass(5_000);
    expect(driver.state.listeners[0]?.policies[0]).toMatchObject({ enabled: false, rules: toA.rules });
    await pass(1_200_000);
    expect(new Set(answers)).toEqual(new Set(['ns_a.example']));
  });

  it('does not storm a router that refuses to delete something: it stays, and everything else is in effect', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example', 'b.example');
    cluster.desired.start();
    const running = write(cluster, driver);
    await pass(100);
    driver.beforeChange = (change) => {
      if (change.type === 'deletePolicy') throw new RouterRefusedError('in use');
    };
    cluster.route('b.example', 'c.example');
    await pass(5_000);
    expect([...policies(driver)].sort()).toEqual(['a.example|Prefix|/', 'b.example|Prefix|/', 'c.example|Prefix|/']);
    expect(running.state.failures).toBe(1);
    expect(running.state.refusals).toHaveLength(1);
    expect(running.state.appliedRevision).toBe(cluster.desired.revision);
  });

  it('knows a refusal of a driver that brings its own copy of the plugin package', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example', 'bad.example');
    cluster.desired.start();
    driver.beforeChange = (change) => {
      if (change.type === 'createPolicy' && change.policy.key.startsWith('bad')) {
        throw Object.assign(new Error('bad regex'), { code: 'ERR_ROUTER_REFUSED' });
      }
    };
    write(cluster, driver);
    await pass(100);
    expect(policies(driver)).toEqual(['a.example|Prefix|/']);
  });

  it('finds out one by one what a router refuses that exchanges everything at once', async () => {
    const driver = new MemoryRouter(FULL_CAPABILITIES);
    driver.beforeReplace = (desired) => {
      const keys = desired.listeners[0]?.policies.map(({ key }) => key) ?? [];
      if (keys.some((key) => key.startsWith('bad'))) throw new RouterRefusedError('bad regex');
    };
    driver.beforeChange = (change) => {
      if (change.type === 'createPolicy' && change.policy.key.startsWith('bad'))
        throw new RouterRefusedError('bad regex');
    };
    const cluster = new Cluster('a.example', 'bad.example', 'c.example');
    cluster.desired.start();
    const running = write(cluster, driver);
    await pass(200);
    expect(policies(driver)).toEqual(['a.example|Prefix|/', 'c.example|Prefix|/']);
    expect(running.state.refusals).toHaveLength(1);
  });

  it('brings new routes through and reports them while endpoints change without end', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    let reports = 0;
    cluster.desired.onApplied(() => {
      reports += 1;
    });
    cluster.desired.start();
    driver.beforeChange = () => new Promise((resolve) => setTimeout(resolve, 3_000));
    write(cluster, driver);
    await pass(20_000);
    cluster.route('a.example', 'b.example', 'c.example');
    const before = reports;
    for (let port = 1; port <= 60; port += 1) {
      cluster.desired.setMembers('ns_a.example', [{ ...member, port }]);
      await pass(2_000);
    }
    expect([...policies(driver)].sort()).toEqual(['a.example|Prefix|/', 'b.example|Prefix|/', 'c.example|Prefix|/']);
    expect(reports).toBeGreaterThan(before);
    const [pool] = driver.state.pools.filter(({ name }) => name === 'ns_a.example');
    expect(pool?.members[0]?.port).toBeGreaterThan(50);
  });

  it('finishes the change that is under way before it stops', async () => {
    const driver = new MemoryRouter();
    const cluster = new Cluster('a.example');
    cluster.desired.start();
    let finish = () => {};
    driver.beforeChange = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    const running = write(cluster, driver);
    await pass(50);
    let stopped = false;
    const stopping = running.stop().then(() => {
      stopped = true;
    });
    await pass(50);
    expect(stopped).toBe(false);
    finish();
    await pass(50);
    await stopping;
    expect(driver.writes).toHaveLength(1);
    expect(driver.closed).toBe(1);
  });
});
