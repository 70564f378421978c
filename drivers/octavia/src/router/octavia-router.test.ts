import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { type Change, hostRule, plan, prefixPathRule, type Router } from '@kuryr-l7/router';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { LISTENER, member, policy, pool, shop, wanted } from '../wanted.fixture.js';
import { converge, observe } from './converge.fixture.js';
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

describe('writes', () => {
  it('are one for each change, and none when nothing differs', async () => {
    const writes = await writesOf(() => converge(router, shop()));
    expect(writes).toEqual([
      'POST /pools',
      'POST /pools',
      'PUT /pools/ID/members',
      'POST /l7policies',
      'POST /l7policies/ID/rules',
      'POST /l7policies/ID/rules',
      'PUT /pools/ID/members',
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

  it('never give half of a policy a request that is for another one: it is disabled until it has both rules', async () => {
    const desired = wanted(
      [
        policy('a.example', 'deep', '/deep'),
        policy('a.example', 'web', '/zoo'),
        policy('a.example', 'web'),
        policy('b.example', 'deep', '/deep'),
        policy('b.example', 'web'),
      ],
      shop().pools,
    );
    await converge(router, wanted([policy('a.example', 'web'), policy('b.example', 'web')], shop().pools));
    const halves = new Map<string, boolean>();
    const both = (desired.listeners[0]?.policies ?? []).filter(({ rules }) => rules.length === 2).map(({ key }) => key);
    for (const change of await planned(desired)) {
      await apply(change);
      for (const { name, rules, admin_state_up } of await there.cloud.octavia.l7Policies.list()) {
        if (both.includes(name) && rules.length === 1) halves.set(name, admin_state_up);
      }
    }
    expect(Object.fromEntries(halves)).toEqual(Object.fromEntries(both.map((key) => [key, false])));
  });

  it('are made for a rule that another one was made of meanwhile', async () => {
    await converge(router, shop());
    const of = { listener: LISTENER.key, policy: 'a.example|Prefix|/deep' };
    const [from, to] = [prefixPathRule('/deep'), prefixPathRule('/deeper')];
    const writes = await writesOf(async () => {
      await apply({ type: 'updateRule', ...of, from, to });
      await apply({ type: 'createRule', ...of, rule: from });
    });
    expect(writes).toEqual(['PUT /l7policies/ID/rules/ID', 'POST /l7policies/ID/rules']);
  });

  it('of a value that would poison the load balancer are not sent', async () => {
    await converge(router, shop());
    const rule = { ...hostRule('a.example'), value: "^it's$" };
    const writes = await writesOf(async () => {
      const sent = apply({ type: 'createRule', listener: LISTENER.key, policy: 'a.example|Prefix|/', rule });
      await expect(sent).rejects.toThrow(RouterRefusedError);
    });
    expect(writes).toEqual([]);
  });
});

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

async function planned(desired: Router): Promise<readonly Change[]> {
  return plan(desired, await observe(router), router.capabilities);
}
