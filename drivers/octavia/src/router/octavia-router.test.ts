import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECT_BUSY } from '@kuryr-l7/openstack-simulator';
import { RouterRefusedError, RouterUnavailableError, TemporaryRouterError } from '@kuryr-l7/plugin';
import { applyChange, type Change, hostRule, plan } from '@kuryr-l7/router';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { LISTENER, member, policy, pool, SOURCE, shop, wanted } from '../wanted.fixture.js';
import { converge, observe, policiesOf } from './converge.fixture.js';
import type { OctaviaRouter } from './octavia-router.js';

let there: SimulatedCloud;
let router: OctaviaRouter;

beforeEach(async () => {
  there = await SimulatedCloud.start();
  router = await there.open();
});
afterEach(() => there.stop());

const apply = (change: Change): Promise<void> => router.apply(change, NEVER);

/** Writes to Octavia of what is done meanwhile. */
async function writesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  there.simulator.octavia.resetCounters();
  await work();
  return there.simulator.octavia.traffic.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/v2\/lbaas/, '').replaceAll(/[0-9a-f-]{36}/g, 'ID')}`);
}

async function ours(kind: 'pools' | 'l7Policies'): Promise<number> {
  return (await there.cloud.octavia[kind].list({ tags: ['kuryr-cluster=test'] })).length;
}

describe('writes', () => {
  it('are one for each change, and none when nothing differs', async () => {
    const writes = await writesOf(() => converge(router, shop()));
    expect(writes).toEqual([
      'POST /pools',
      'PUT /pools/ID/members',
      'POST /pools',
      'PUT /pools/ID/members',
      'POST /l7policies',
      'POST /l7policies/ID/rules',
      'POST /l7policies/ID/rules',
      'PUT /l7policies/ID',
      'POST /l7policies',
      'POST /l7policies/ID/rules',
    ]);
    expect(await writesOf(() => converge(router, shop()))).toEqual([]);
    const restarted = await there.open();
    expect(await writesOf(() => converge(restarted, shop()))).toEqual([]);
  });

  it('are one batch for a pool whatever changes in it, and one PUT for another pool', async () => {
    await converge(router, shop());
    const [web, deep] = [
      pool('web', { members: [member('10.1.0.3'), member('10.1.0.4'), member('10.1.0.5', { backup: true })] }),
      pool('deep', { members: [member('10.1.0.1')] }),
    ];
    const policies = [policy('a.example', 'web', '/deep'), policy('a.example', 'web')];
    expect(await writesOf(() => converge(router, wanted(policies, [web, deep])))).toEqual([
      'PUT /pools/ID/members',
      'PUT /l7policies/ID',
    ]);
  });

  it('are not made for members that the pool has already', async () => {
    await converge(router, shop());
    const members = [member('10.1.0.3', { weight: 5 }), member('10.1.0.2')];
    expect(await writesOf(() => apply({ type: 'setMembers', pool: 'web', members }))).toEqual([]);
  });

  it('tag what they create, with key and source', async () => {
    await converge(router, shop());
    const [created] = await there.cloud.octavia.l7Policies.list({ name: 'a.example|Prefix|/deep' });
    expect(created?.tags.toSorted()).toEqual([
      'kuryr-cluster=test',
      'kuryr-key=a.example|Prefix|/deep',
      'kuryr-source=Ingress/shop/web',
    ]);
    const [web] = await there.cloud.octavia.pools.list({ name: 'web' });
    const members = await there.cloud.octavia.members.list(web?.id ?? '');
    const rules = await there.cloud.octavia.l7Rules.list(created?.id ?? '');
    expect([...members, ...rules].map(({ tags }) => tags)).toEqual(Array(4).fill(['kuryr-cluster=test']));
  });

  it('never make half of a policy live', async () => {
    await converge(router, wanted([], shop().pools));
    const states: boolean[] = [];
    for (const change of await planned(shop())) {
      await apply(change);
      for (const { rules, admin_state_up } of await there.cloud.octavia.l7Policies.list()) {
        if (rules.length === 1) states.push(admin_state_up);
      }
    }
    expect(states.slice(0, 1)).toEqual([false]);
  });
});

async function planned(desired: ReturnType<typeof shop>): Promise<readonly Change[]> {
  return plan(desired, await observe(router), router.capabilities);
}

describe('members', () => {
  it('keep what others have set on them', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [web] = await octavia.pools.list({ name: 'web' });
    const id = web?.id ?? '';
    const [first] = (await octavia.members.list(id)).filter(({ address }) => address === '10.1.0.2');
    const set = { name: 'mine', monitor_port: 9000, monitor_address: '10.9.9.9', admin_state_up: false };
    await there.write(() => octavia.members.update(id, first?.id ?? '', set));
    await apply({
      type: 'setMembers',
      pool: 'web',
      members: [member('10.1.0.2', { weight: 3 }), member('10.1.0.7')],
    });
    const after = await octavia.members.list(id);
    expect(after.find(({ address }) => address === '10.1.0.2')).toMatchObject({ ...set, weight: 3, id: first?.id });
    expect(after).toHaveLength(2);
  });
});

describe('a snapshot', () => {
  it('takes few requests however many policies there are, once they are known', async () => {
    const policies = Array.from({ length: 30 }, (_, number) => policy(`h${number}.example`, 'web'));
    await converge(router, wanted(policies, shop().pools.slice(1)));
    await observe(router, false);
    there.simulator.octavia.resetCounters();
    const ordinary = await observe(router, false);
    expect(there.simulator.octavia.traffic.reads).toBe(4);
    expect(await observe(router)).toEqual(ordinary);
    expect(there.simulator.octavia.traffic.reads).toBeGreaterThan(30);
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
    expect(await ours('pools')).toBe(2);
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
    expect(names.toSorted()).toEqual(['kuryr-l7-not-found', 'web']);
    expect(await octavia.pools.get(theirs.id)).toMatchObject({ provisioning_status: 'ACTIVE' });
  });
});

describe('a change', () => {
  const created: Change = { type: 'createPool', pool: pool('web') };

  it.each([
    ['is answered 5xx though it was made', { answer: 504, moment: 'after' }],
    ['breaks off though it was made', { answer: 'drop', moment: 'after' }],
    ['is answered 5xx and was not made', { answer: 500, moment: 'before' }],
    ['finds the project busy', PROJECT_BUSY],
  ] as const)('that %s is made once', async (_name, failure) => {
    there.simulator.octavia.interference.fail(failure);
    await apply(created);
    expect(await ours('pools')).toBe(1);
  });

  it.each([
    ['createPolicy', 'after'],
    ['createRule', 'after'],
    ['updatePolicy', 'after'],
    ['deletePolicy', 'after'],
    ['setMembers', 'after'],
    ['createPolicy', 'before'],
    ['createRule', 'before'],
    ['deletePool', 'before'],
  ] as const)(
    'of type %s without an answer is looked up before it is made again (lost %s it was made)',
    async (type, moment) => {
      await converge(router, wanted([], shop().pools));
      const changes = [...(await planned(shop())), ...(await undoing())];
      for (const change of changes) {
        if (change.type === type) there.simulator.octavia.interference.fail({ answer: 'drop', moment });
        await apply(change);
      }
      expect(await ours('l7Policies')).toBe(0);
      expect(await ours('pools')).toBe(0);
    },
  );

  it('that a busy load balancer refuses waits for its turn', async () => {
    const { octavia } = there.simulator;
    octavia.hold(there.id);
    const lb = { loadbalancer_id: there.id, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } as const;
    await there.cloud.octavia.pools.create({ ...lb, name: 'theirs' });
    const applied = apply(created);
    setTimeout(() => octavia.release(there.id), 50);
    await applied;
    expect(await ours('pools')).toBe(1);
  });

  it('of something that somebody deleted is planned anew', async () => {
    await converge(router, shop());
    const [gone] = await there.cloud.octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    await there.write(() => there.cloud.octavia.l7Policies.delete(gone?.id ?? ''));
    const patch = { enabled: false };
    const changed = apply({ type: 'updatePolicy', listener: LISTENER.key, policy: 'a.example|Prefix|/', patch });
    await expect(changed).rejects.toThrow(TemporaryRouterError);
    await converge(router, shop());
    expect(await policiesOf(router)).toHaveLength(2);
  });

  it('that goes over the quota is refused with what to do about it', async () => {
    const { admin, member: user } = there.simulator.facts.users;
    await (await there.another(admin)).octavia.quotas.update(user.projectId, { pool: 1 });
    const refused = apply(created);
    await expect(refused).rejects.toThrow(RouterRefusedError);
    await expect(refused).rejects.toThrow(/create pool web: .*Quota has been met.*quota set/);
  });

  it('whose object goes to ERROR is refused, told as failed and healed', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [victim] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    // Python takes it, HAProxy does not: what our own check would refuse.
    await there.write(() =>
      octavia.l7Rules.create(victim?.id ?? '', { type: 'PATH', compare_type: 'REGEX', value: '^/(?P<x>a)' }),
    );
    expect(await policiesOf(router)).toContain('a.example|Prefix|/ failed');
    const added = apply({ type: 'createPool', pool: pool('more') });
    await expect(added).rejects.toThrow(RouterRefusedError);
    await expect(added).rejects.toThrow(/pool more \(.*\) went to ERROR/);
    await converge(router, shop());
    expect(await policiesOf(router)).toEqual(['a.example|Prefix|/deep', 'a.example|Prefix|/']);
    expect(await ours('pools')).toBe(2);
  });

  it('is called off by its signal', async () => {
    await expect(router.apply(created, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(await ours('pools')).toBe(0);
  });

  it('of a value that would poison the load balancer is not sent', async () => {
    await converge(router, shop());
    const rule = { ...hostRule('a.example'), value: "^it's$" };
    const writes = await writesOf(async () => {
      const sent = apply({ type: 'createRule', listener: LISTENER.key, policy: 'a.example|Prefix|/', rule });
      await expect(sent).rejects.toThrow(RouterRefusedError);
    });
    expect(writes).toEqual([]);
  });

  async function undoing(): Promise<readonly Change[]> {
    const changes = await planned(shop());
    return plan(wanted([], []), changes.reduce(applyChange, await observe(router)), router.capabilities);
  }
});

describe('the load balancer', () => {
  it('in ERROR is reported with its age and what an administrator can do', async () => {
    const stored = there.simulator.octavia.state.loadBalancers.get(there.id);
    if (stored !== undefined) stored.provisioning_status = 'ERROR';
    const seen = observe(router);
    await expect(seen).rejects.toThrow(RouterUnavailableError);
    await expect(seen).rejects.toThrow(/load balancer web .* in ERROR for \d+ seconds?.*loadbalancer failover/);
  });

  it('that stays PENDING is reported after a while, and used again when it is ACTIVE', async () => {
    const impatient = await there.open({ pendingTimeout: 40 });
    there.simulator.octavia.hold(there.id);
    const stuck = impatient.apply({ type: 'createPool', pool: pool('web') }, NEVER);
    await expect(stuck).rejects.toThrow(RouterUnavailableError);
    await expect(stuck).rejects.toThrow(/in PENDING_UPDATE for .*octavia-worker runs/);
    there.simulator.octavia.release(there.id);
    expect(await converge(await there.open(), wanted([], [pool('web')]))).toEqual([]);
    expect(await ours('pools')).toBe(1);
  });

  it('that is deleted under us is reported', async () => {
    there.simulator.octavia.remove(there.id);
    await expect(apply({ type: 'createPool', pool: pool('web') })).rejects.toThrow(
      /load balancer .* is gone.*router create/,
    );
  });

  it('whose listener is deleted under us is opened anew and gets another one', async () => {
    await converge(router, shop());
    const [listener] = await there.cloud.octavia.listeners.list();
    await there.write(() => there.cloud.octavia.listeners.delete(listener?.id ?? ''));
    await expect(observe(router)).rejects.toThrow(RouterUnavailableError);
    const reopened = await there.open();
    await converge(reopened, shop());
    expect(await policiesOf(reopened)).toHaveLength(2);
  });

  it('with children that stay PENDING below it: they are left alone and not made once more', async () => {
    await converge(router, shop());
    const stored = [...there.simulator.octavia.state.l7Policies.values()].find(
      ({ name }) => name === 'a.example|Prefix|/',
    );
    if (stored !== undefined) stored.provisioning_status = 'PENDING_UPDATE';
    expect(await policiesOf(router)).toContain('a.example|Prefix|/ foreign');
    const twin = { ...policy('a.example', 'web'), source: SOURCE };
    const made = apply({ type: 'createPolicy', listener: LISTENER.key, policy: { ...twin, rules: [] } });
    await expect(made).rejects.toThrow(/stays in PENDING_UPDATE below an ACTIVE load balancer/);
    expect(await ours('l7Policies')).toBe(2);
  });
});
