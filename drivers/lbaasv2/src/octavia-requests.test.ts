import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listener, NEVER, SimulatedCloud } from './simulated-cloud.fixture.js';

let there: SimulatedCloud;

const listeners = () => there.cloud.octavia.listeners;
const pools = () => there.cloud.octavia.pools;

beforeEach(async () => {
  there = await SimulatedCloud.start();
});

afterEach(() => there.stop());

describe('what Octavia is asked for', () => {
  it('says the provider, the flavor and the availability zone of a new load balancer', async () => {
    const flavorId = '6d5a2a33-1f4e-4f1c-9d5c-3a1f9a0f9a11';
    const placement = { provider: 'octavia', flavorId, availabilityZone: 'az-2' };
    await there.ensure(there.wanted([listener()], { placement }));
    expect(await there.cloud.octavia.loadBalancers.list()).toMatchObject([
      { provider: 'octavia', flavor_id: flavorId, availability_zone: 'az-2' },
    ]);
  });

  it('is nothing where it spells the IPv6 address of a member otherwise', async () => {
    const member = { address: '2001:db8:0:0::10', port: 8080 };
    const wanted = there.wanted([listener(80, { members: [member] })]);
    await there.ensure(wanted);
    const { members } = there.simulator.octavia.state;
    for (const [id, one] of members) members.set(id, { ...one, address: '2001:db8::10' });
    expect(await there.writesOf(() => there.ensure(wanted))).toEqual([]);
  });

  it('goes to the pool that the listener leads to, where somebody made another one with its tags', async () => {
    const { state } = await there.ensure(there.wanted());
    const [first] = await pools().list();
    const [led] = await listeners().list();
    const loadbalancer_id = state.loadbalancer?.id ?? '';
    const { name = '', tags = [] } = first ?? {};
    const kind = { protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' } as const;
    const second = await pools().create({ name, ...kind, tags, loadbalancer_id });
    await there.settled(loadbalancer_id);
    await listeners().update(led?.id ?? '', { default_pool_id: second.id });
    await there.settled(loadbalancer_id);
    const wanted = there.wanted([listener(80, { members: [{ address: '10.0.0.7', port: 8080 }] })]);
    await there.ensure(wanted);
    expect((await pools().list()).map(({ id }) => id)).toEqual([second.id]);
    expect(await there.cloud.octavia.members.list(second.id)).toMatchObject([{ address: '10.0.0.7' }]);
    expect(
      await there.writesOf(async () =>
        (await there.applier()).setMembers({ wanted, projectId: there.projectId }, NEVER),
      ),
    ).toEqual([]);
  });
});
