import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatPayload, POD_STATE, parsePayload } from '@kuryr-l7/kuryr-objects';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { type VifCloud, VifCluster } from '@kuryr-l7/plugin/conformance';
import { NestedVlanDriver } from './nested-vlan-driver.js';
import { NeutronVifDriver } from './neutron-vif-driver.js';

const SIGNAL = new AbortController().signal;

let where: SimulatedVifCloud;

describe.each([
  ['neutron-vif', (cloud: VifCloud) => VifCluster.open(cloud, NeutronVifDriver)],
  ['nested-vlan', (cloud: VifCloud) => VifCluster.withTrunk(cloud, NestedVlanDriver)],
])('a Pod with addresses in several subnets: %s', (_name, openCluster) => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
  });

  afterEach(() => where.close());

  it('has one VIF with an IPv4 and an IPv6 address where it has dual stack, as Kuryr has it', async () => {
    const cluster = await openCluster(where);
    const { neutron } = where.cloud;
    const [four] = cluster.place.subnets;
    if (four === undefined) throw new Error('there is no subnet');
    const six = await neutron.subnets.create({ network_id: four.network_id, ip_version: 6, cidr: 'fd00:9::/64' });
    const subnets = [four, six];
    const vif = await cluster.driver().requestVif(cluster.pod(), { ...cluster.place, subnets }, SIGNAL);
    const { fixed_ips } = await neutron.ports.get(vif.id);
    expect(vif.network?.subnets.objects.map(({ cidr, ips }) => [cidr, ips?.objects])).toEqual(
      subnets.map(({ id, cidr }) => {
        const address = fixed_ips.find(({ subnet_id }) => subnet_id === id)?.ip_address;
        return [cidr, [{ address }]];
      }),
    );
    expect(fixed_ips).toHaveLength(2);
    const state = { default_vif: vif, additional_vifs: {} };
    expect(parsePayload(POD_STATE, formatPayload(POD_STATE, state))).toEqual(state);
  });

  it('gets none where they are of two networks, and is told', async () => {
    const cluster = await openCluster(where);
    const { neutron } = where.cloud;
    const { id } = await neutron.networks.create({ name: 'another' });
    const other = await neutron.subnets.create({ network_id: id, ip_version: 4, cidr: '10.9.9.0/24' });
    const place = { ...cluster.place, subnets: [...cluster.place.subnets, other] };
    await expect(cluster.driver().requestVif(cluster.pod(), place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_CONFIGURATION',
      message: expect.stringContaining('a port needs subnets of one network'),
    });
    expect(await cluster.ports()).toEqual([]);
  });
});
