import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listener, SimulatedCloud } from '../simulated-cloud.fixture.js';

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

  it.each([0, 1])('goes to the pool that the listener leads to, number %i of two with its tags', async (index) => {
    const { state } = await there.ensure(there.wanted());
    const [first] = await pools().list();
    const [led] = await listeners().list();
    const loadbalancer_id = state.loadbalancer?.id ?? '';
    const { name = '', tags = [] } = first ?? {};
    await pools().create({ name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', tags, loadbalancer_id });
    await there.settled(loadbalancer_id);
    const used = (await pools().list())[index]?.id ?? '';
    await listeners().update(led?.id ?? '', { default_pool_id: used });
    await there.settled(loadbalancer_id);
    await there.ensure(there.wanted([listener(80, { members: [{ address: '10.0.0.7', port: 8080 }] })]));
    expect((await pools().list()).map(({ id }) => id)).toEqual([used]);
    expect(await there.cloud.octavia.members.list(used)).toMatchObject([{ address: '10.0.0.7' }]);
  });
});
