import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECT_BUSY } from '@kuryr-l7/openstack-simulator';
import { RouterRefusedError, RouterUnavailableError, TemporaryRouterError } from '@kuryr-l7/plugin';
import { applyChange, type Change, plan, type Router } from '@kuryr-l7/router';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { LISTENER, policy, pool, SOURCE, shop, wanted } from '../wanted.fixture.js';
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

async function ours(kind: 'pools' | 'l7Policies'): Promise<number> {
  return (await there.cloud.octavia[kind].list({ tags: ['kuryr-cluster=test'] })).length;
}

async function planned(desired: Router): Promise<readonly Change[]> {
  return plan(desired, await observe(router), router.capabilities);
}

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

  it('that a busy load balancer refuses waits for its turn, where Kuryr’s update_l7_rule ended the process', async () => {
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

  it('that an administrator’s rule spoils names that rule, and gets through when it is gone', async () => {
    const { octavia } = there.cloud;
    const [listener] = await octavia.listeners.list();
    const fields = { listener_id: listener?.id ?? '', action: 'REJECT', name: 'theirs' } as const;
    const theirs = await there.write(() => octavia.l7Policies.create(fields));
    const rule = { type: 'PATH', compare_type: 'REGEX', value: '^/(?P<x>a)' } as const;
    const { id } = await there.write(() => octavia.l7Rules.create(theirs.id, rule));
    const refused = apply(created);
    await expect(refused).rejects.toThrow(RouterRefusedError);
    await expect(refused).rejects.toThrow(
      new RegExp(`pool web \\(.*\\) went to ERROR: .*: l7rule ${id} of l7policy theirs .*not ours to change`),
    );
    await there.write(() => octavia.l7Policies.delete(theirs.id));
    await converge(router, wanted([], [pool('web')]));
    expect(await octavia.pools.list({ name: 'web' })).toMatchObject([{ provisioning_status: 'ACTIVE' }]);
  });

  it('is called off by its signal', async () => {
    await expect(router.apply(created, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(await ours('pools')).toBe(0);
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
