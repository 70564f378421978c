import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import { PollingPace } from '@kuryr-l7/openstack';
import { SYSTEM_CLOCK as SIMULATOR_CLOCK } from '@kuryr-l7/openstack-simulator';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { LISTENER, policy, pool, shop, wanted } from '../wanted.fixture.js';
import { converge, observe, policiesOf } from './converge.fixture.js';
import type { OctaviaRouter } from './octavia-router.js';

let there: SimulatedCloud;
let router: OctaviaRouter;
/** Milliseconds that the cloud's clock is ahead of ours. */
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  there = await SimulatedCloud.start(2, { ...SIMULATOR_CLOCK, now: () => SIMULATOR_CLOCK.now() + ahead });
  router = await there.open();
});
afterEach(() => there.stop());

describe('a snapshot', () => {
  it('takes few requests however many policies there are, once they are known', async () => {
    const policies = Array.from({ length: 30 }, (_, number) => policy(`h${number}.example`, 'web'));
    await converge(router, wanted(policies, shop().pools.slice(1)));
    ahead = 60_000;
    await observe(router, false);
    there.simulator.octavia.resetCounters();
    const ordinary = await observe(router, false);
    expect(there.simulator.octavia.traffic.reads).toBe(4);
    expect(await observe(router)).toEqual(ordinary);
    expect(there.simulator.octavia.traffic.reads).toBeGreaterThan(30);
  });

  it('does not ask again for what this process has written, where changes lock the load balancer for seconds', async () => {
    const slow: Clock = {
      ...SYSTEM_CLOCK,
      now: () => SYSTEM_CLOCK.now() * 2_000,
      schedule: (run, milliseconds) => SYSTEM_CLOCK.schedule(run, milliseconds / 2_000),
    };
    router = await there.open({ pendingTimeout: 3_600_000 }, { clock: slow, pace: new PollingPace() });
    ahead = 60_000;
    await converge(router, shop());
    const [deep, web] = shop().pools;
    if (web === undefined || deep === undefined) throw new Error('the shop has two pools');
    await router.apply({ type: 'setMembers', pool: 'web', members: web.members.slice(1) }, NEVER);
    await router.apply({ type: 'updatePool', pool: { ...deep, lbAlgorithm: 'SOURCE_IP' } }, NEVER);
    const moved = { listener: LISTENER.key, policy: 'a.example|Prefix|/', position: 1 };
    await router.apply({ type: 'updatePolicy', ...moved, patch: {} }, NEVER);
    there.simulator.octavia.resetCounters();
    const ordinary = await observe(router, false);
    expect(there.simulator.octavia.traffic.reads).toBe(4);
    expect(await observe(router)).toEqual(ordinary);
    const { octavia } = there.cloud;
    ahead = 120_000;
    const [{ id = '' } = {}] = await octavia.pools.list({ name: 'web' });
    await there.write(() => octavia.members.replace(id, []));
    expect((await observe(router, false)).pools.find(({ name }) => name === 'web')?.members).toEqual([]);
  });

  it('tells health monitors as they were asked for, though Octavia fills in its defaults', async () => {
    const healthMonitor = {
      type: 'HTTP',
      delay: 5,
      timeout: 3,
      maxRetries: 2,
      maxRetriesDown: 4,
      urlPath: '/h',
    } as const;
    const monitored = wanted([], [pool('web', { healthMonitor })]);
    await converge(router, monitored);
    expect((await observe(router)).pools).toContainEqual(expect.objectContaining({ name: 'web', healthMonitor }));
    expect(await converge(router, monitored)).toEqual([]);
    const tcp = { type: 'TCP', delay: 5, timeout: 3, maxRetries: 2, maxRetriesDown: 4 } as const;
    await converge(router, wanted([], [pool('web', { healthMonitor: tcp })]));
    expect(await converge(router, wanted([], [pool('web', { healthMonitor: tcp })]))).toEqual([]);
    expect((await observe(router)).pools).toContainEqual(expect.objectContaining({ healthMonitor: tcp }));
  });

  it('tells a policy that was made twice under another key, so that the second one goes', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [twin] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    const { listener_id = '', tags = [], redirect_pool_id = null } = twin ?? {};
    await there.write(() =>
      octavia.l7Policies.create({ listener_id, tags, redirect_pool_id, action: 'REDIRECT_TO_POOL' }),
    );
    expect(await policiesOf(router)).toHaveLength(3);
    expect(await converge(router, shop())).toEqual([
      {
        type: 'deletePolicy',
        listener: 'HTTP:80',
        policy: expect.stringMatching(/^a\.example\|Prefix\|\/ \(.{36}\)$/),
      },
    ]);
    expect(await policiesOf(router)).toEqual(['a.example|Prefix|/deep', 'a.example|Prefix|/']);
  });

  it('tells pools that were made twice, and gives the name to the one that is sound', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [web] = await octavia.pools.list({ name: 'web' });
    const twin = await there.write(() =>
      octavia.pools.create({
        loadbalancer_id: there.id,
        protocol: 'HTTP',
        lb_algorithm: 'ROUND_ROBIN',
        name: 'web',
        tags: web?.tags ?? [],
      }),
    );
    expect(await converge(router, shop())).toEqual([{ type: 'deletePool', pool: `web (${twin.id})` }]);
    expect(await octavia.pools.list({ tags: ['kuryr-cluster=test'] })).toHaveLength(2);
  });

  it('finds what an administrator changed, in an ordinary pass too', async () => {
    await converge(router, shop());
    await observe(router, false);
    const { octavia } = there.cloud;
    const [changed] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    await there.write(() =>
      octavia.l7Rules.create(changed?.id ?? '', { type: 'PATH', compare_type: 'EQUAL_TO', value: '/x' }),
    );
    const [listener] = (await observe(router, false)).listeners;
    expect(listener?.policies[1]?.rules).toHaveLength(2);
    expect(await converge(router, shop())).toMatchObject([{ type: 'deleteRule' }]);
  });

  it('finds what an administrator changed in place long after it was read', async () => {
    await converge(router, shop());
    ahead = 60_000;
    await observe(router, false);
    ahead = 3_600_000;
    const { octavia } = there.cloud;
    const [{ id = '' } = {}] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    const [rule] = await octavia.l7Rules.list(id);
    await there.write(() => octavia.l7Rules.update(id, rule?.id ?? '', { value: '^changed$' }));
    const [listener] = (await observe(router, false)).listeners;
    expect(listener?.policies[1]?.rules).toMatchObject([{ value: '^changed$' }]);
  });

  it("finds what an administrator changed in the second of our own change, though our clock is far ahead of the cloud's", async () => {
    const fast: Clock = { ...SYSTEM_CLOCK, wallTime: () => SYSTEM_CLOCK.wallTime() + 600_000 };
    router = await there.open({}, { clock: fast });
    await converge(router, shop());
    await observe(router, false);
    const { octavia } = there.cloud;
    const [{ id = '' } = {}] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    const [rule] = await octavia.l7Rules.list(id);
    await there.write(() => octavia.l7Rules.update(id, rule?.id ?? '', { value: '^changed$' }));
    const [listener] = (await observe(router, false)).listeners;
    expect(listener?.policies[1]?.rules).toMatchObject([{ value: '^changed$' }]);
  });

  it('finds each of two changes that an administrator made within one second, which Octavia tells with one time', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [{ id = '' } = {}] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    const [rule] = await octavia.l7Rules.list(id);
    for (const value of ['^once$', '^twice$']) {
      await there.write(() => octavia.l7Rules.update(id, rule?.id ?? '', { value }));
      const [listener] = (await observe(router, false)).listeners;
      expect(listener?.policies[1]?.rules).toMatchObject([{ value }]);
    }
  });

  it('keeps a key that is longer than a tag, and odd characters', async () => {
    const long = { ...policy('a.example', 'web'), key: `a.example|Prefix|/${'x,%ü'.repeat(150)}` };
    await converge(router, wanted([long], shop().pools));
    expect(await policiesOf(router)).toEqual([long.key]);
  });
});

describe('what is not ours', () => {
  it('is told as foreign, counts for positions, and is left alone', async () => {
    const { octavia } = there.cloud;
    const [listener] = await octavia.listeners.list();
    const listener_id = listener?.id ?? '';
    await there.write(() => octavia.l7Policies.create({ listener_id, action: 'REJECT', name: 'first' }));
    await there.write(() =>
      octavia.l7Policies.create({ listener_id, action: 'REJECT', name: 'theirs', tags: ['kuryr-cluster=other'] }),
    );
    await converge(router, shop());
    expect(await policiesOf(router)).toEqual([
      'first foreign',
      'theirs foreign',
      'a.example|Prefix|/deep',
      'a.example|Prefix|/',
    ]);
    await converge(router, wanted([], []));
    expect(await policiesOf(router)).toEqual(['first foreign', 'theirs foreign']);
  });

  it('does not get in the way when it is called as ours', async () => {
    const { octavia } = there.cloud;
    const theirs = await there.write(() =>
      octavia.pools.create({ loadbalancer_id: there.id, protocol: 'HTTP', lb_algorithm: 'SOURCE_IP', name: 'web' }),
    );
    await converge(router, shop());
    await converge(router, wanted([], []));
    const names = (await observe(router)).pools.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['not-found', 'web']);
    expect(await octavia.pools.get(theirs.id)).toMatchObject({ provisioning_status: 'ACTIVE' });
  });
});
