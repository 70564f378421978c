import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { type Change, type L7Rule, prefixPathRule } from '@kuryr-l7/router';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { LISTENER, pool, shop, wanted } from '../wanted.fixture.js';
import { converge, observe } from './converge.fixture.js';
import type { OctaviaRouter } from './octavia-router.js';

const POLICY = 'a.example|Prefix|/';

let there: SimulatedCloud;
let router: OctaviaRouter;

beforeEach(async () => {
  there = await SimulatedCloud.start();
  router = await there.open();
  await converge(router, shop());
});
afterEach(() => there.stop());

const apply = (change: Change): Promise<void> => router.apply(change, NEVER);

/** What Octavia has stored, to be changed behind everybody's back. */
function stored<T>(objects: ReadonlyMap<string, T>, fits: (object: T) => boolean): T {
  const object = [...objects.values()].find(fits);
  if (object === undefined) throw new Error('It is not on the simulated cloud.');
  return object;
}

describe('an object of ours that Octavia could not make', () => {
  it('is healed by one write if it is the listener', async () => {
    stored(there.simulator.octavia.state.listeners, () => true).provisioning_status = 'ERROR';
    there.simulator.octavia.resetCounters();
    await there.open();
    const [listener] = await there.cloud.octavia.listeners.list();
    expect(listener?.provisioning_status).toBe('ACTIVE');
    expect(there.simulator.octavia.traffic.writes).toBe(1);
    await there.open();
    expect(there.simulator.octavia.traffic.writes).toBe(1);
  });

  it('is written once more if it is a member', async () => {
    const { members } = there.simulator.octavia.state;
    stored(members, ({ address }) => address === '10.1.0.3').provisioning_status = 'ERROR';
    expect(await converge(router, shop())).toMatchObject([{ type: 'setMembers', pool: 'web' }]);
    const [web] = await there.cloud.octavia.pools.list({ name: 'web' });
    const states = (await there.cloud.octavia.members.list(web?.id ?? '')).map((one) => one.provisioning_status);
    expect(states).toEqual(['ACTIVE', 'ACTIVE']);
    expect(await converge(router, shop())).toEqual([]);
  });

  it('is told after a change of a rule even if it is the policy alone', async () => {
    const policy = stored(there.simulator.octavia.state.l7Policies, ({ name }) => name === POLICY);
    let state = 'ACTIVE';
    Object.defineProperty(policy, 'provisioning_status', {
      get: () => state,
      set: (next: string) => {
        state = next === 'ACTIVE' ? 'ERROR' : next;
      },
    });
    const changed = apply({ type: 'createRule', listener: LISTENER.key, policy: POLICY, rule: prefixPathRule('/x') });
    await expect(changed).rejects.toThrow(RouterRefusedError);
    await expect(changed).rejects.toThrow(/l7policy a\.example\|Prefix\|\/ .*went to ERROR/);
  });

  it('is not made again and again if it is a pool that stays PENDING below an ACTIVE load balancer', async () => {
    stored(there.simulator.octavia.state.pools, ({ name }) => name === 'web').provisioning_status = 'PENDING_UPDATE';
    await observe(router);
    const made = apply({ type: 'createPool', pool: pool('web') });
    await expect(made).rejects.toThrow(/stays in PENDING_UPDATE below an ACTIVE load balancer/);
    expect(await there.cloud.octavia.pools.list({ tags: ['kuryr-cluster=test'] })).toHaveLength(2);
  });
});

describe('a rule that becomes one without a name', () => {
  it('loses the name that it had', async () => {
    const header: L7Rule = { type: 'HEADER', compareType: 'EQUAL_TO', key: 'X-Tenant', value: 'one', invert: false };
    const [http] = shop().listeners;
    const policies = (http?.policies ?? []).map((one) => (one.key === POLICY ? { ...one, rules: [header] } : one));
    await converge(router, wanted(policies, shop().pools));
    const path = prefixPathRule('/x');
    await apply({ type: 'updateRule', listener: LISTENER.key, policy: POLICY, from: header, to: path });
    const { id } = stored(there.simulator.octavia.state.l7Policies, ({ name }) => name === POLICY);
    expect(await there.cloud.octavia.l7Rules.list(id)).toMatchObject([{ type: 'PATH', key: null, value: path.value }]);
  });
});
