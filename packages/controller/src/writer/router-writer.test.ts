import { describe, expect, it, jest } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { RouterUnavailableError, TemporaryRouterError } from '@kuryr-l7/plugin';
import { emptyRouter } from '@kuryr-l7/router';
import { MemoryRouter } from './memory-router.fixture.js';
import { Cluster, member, pass, policies, RESYNC, useFakeTime, write } from './running-writer.fixture.js';

describe('the writer of the router', () => {
  useFakeTime();

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
