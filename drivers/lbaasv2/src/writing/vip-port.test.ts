import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PortCreate } from '@kuryr-l7/openstack';
import { SimulatedCloud } from '../simulated-cloud.fixture.js';

let there: SimulatedCloud;

async function makePort(fields: Partial<PortCreate> = {}, tags: readonly string[] = []): Promise<string> {
  const { neutron } = there.cloud;
  const { id } = await neutron.ports.create({ network_id: there.simulator.facts.networks.vips.networkId, ...fields });
  if (tags.length > 0) await neutron.setTags('ports', id, tags);
  return id;
}

const ensure = (portId: string) => there.ensure(there.wanted(undefined, { vip: { portId } }));

beforeEach(async () => {
  there = await SimulatedCloud.start();
});

afterEach(() => there.stop());

describe('a port that a Service names for its VIP', () => {
  it('is the VIP where it was made for that', async () => {
    const id = await makePort({}, ['mine']);
    expect(await ensure(id)).toMatchObject({ vipPortId: id });
  });

  it.each([
    ['of a Pod or of a machine to be', { device_owner: 'compute:kuryr' }, [], 'belongs to compute:kuryr'],
    ['of a router', { device_id: 'r', device_owner: 'network:router_interface' }, [], 'network:router_interface'],
    ['with a device', { device_id: 'machine' }, [], 'belongs to machine'],
    ['kept ready for Pods', {}, ['kuryr-cluster=other'], 'the Pods of a cluster'],
  ])('is refused where it is one %s', async (_name, fields, tags, reason) => {
    const id = await makePort(fields, tags);
    await expect(ensure(id)).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_REFUSED',
      message: expect.stringContaining(reason),
    });
    expect(await there.cloud.octavia.loadBalancers.list()).toEqual([]);
  });

  it('is refused where it is the VIP of another load balancer, which Octavia does not write on a port that was given', async () => {
    const id = await makePort();
    await there.cloud.octavia.loadBalancers.create({ name: 'other', vip_port_id: id });
    await expect(ensure(id)).rejects.toThrow(/belongs to load balancer/);
    expect(await there.cloud.octavia.loadBalancers.list()).toMatchObject([{ name: 'other' }]);
  });

  it('is refused where there is none', async () => {
    await expect(ensure('0f8a4f0e-7f0b-4f5e-9a5c-0d6f2f1b7c11')).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_REFUSED',
      message: expect.stringContaining('is not there'),
    });
  });
});
