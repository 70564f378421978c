import { describe, expect, it } from '@jest/globals';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { FULL_CAPABILITIES, prefixPathRule, route } from '@kuryr-l7/router';
import { MemoryRouter } from './memory-router.fixture.js';
import { Cluster, compilation, member, pass, policies, useFakeTime, write } from './running-writer.fixture.js';

describe('the writer of a router that refuses changes', () => {
  useFakeTime();

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
});
