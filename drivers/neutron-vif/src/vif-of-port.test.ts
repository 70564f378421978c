import { describe, expect, it } from '@jest/globals';
import type { Network, Port, Subnet } from '@kuryr-l7/openstack';
import { simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { openVSwitchVif, vlanVif } from './vif-of-port.js';

interface Changed {
  readonly network?: Partial<Network>;
  readonly subnet?: Partial<Subnet>;
}

/** A port as the simulated cloud has it, whose surroundings say something else. */
async function surroundedPort({ network = {}, subnet = {} }: Changed) {
  const { cloud, facts, host, close } = await simulatedVifCloud();
  const { networkId, subnetId } = facts.networks.vips;
  const port: Port = await cloud.neutron.ports.create({ network_id: networkId, 'binding:host_id': host });
  const surrounded = {
    port,
    network: { ...(await cloud.neutron.networks.get(networkId)), ...network },
    subnets: [{ ...(await cloud.neutron.subnets.get(subnetId)), ...subnet }],
  };
  await close();
  return surrounded;
}

describe.each([
  ['that Open vSwitch serves', (given: Awaited<ReturnType<typeof surroundedPort>>) => openVSwitchVif(given, undefined)],
  ['that is a VLAN of a trunk', (given: Awaited<ReturnType<typeof surroundedPort>>) => vlanVif(given, 7)],
])('the VIF of a port %s', (_name, vifOf) => {
  it('has the routes and servers of names of its subnet', async () => {
    const routes = [{ destination: '10.1.0.0/16', nexthop: '10.0.0.9' }];
    const surrounded = await surroundedPort({ subnet: { host_routes: routes, dns_nameservers: ['10.0.0.2'] } });
    const [subnet] = vifOf(surrounded).network?.subnets.objects ?? [];
    expect(subnet).toMatchObject({
      routes: { objects: [{ cidr: '10.1.0.0/16', gateway: '10.0.0.9' }] },
      dns: ['10.0.0.2'],
      gateway: surrounded.subnets[0]?.gateway_ip,
      ips: { objects: [{ address: surrounded.port.fixed_ips[0]?.ip_address }] },
    });
  });

  it('has no gateway where its subnet has none', async () => {
    const surrounded = await surroundedPort({ subnet: { gateway_ip: null } });
    expect(vifOf(surrounded).network?.subnets.objects[0]).not.toHaveProperty('gateway');
  });

  it.each([
    ['vlan', 312, { should_provide_vlan: true, vlan: 312 }],
    ['vxlan', 312, { should_provide_vlan: false }],
  ])('says of a network of type %s whether its VLAN is to be made', async (type, segment, said) => {
    const network = { 'provider:network_type': type, 'provider:segmentation_id': segment };
    const vif = vifOf(await surroundedPort({ network }));
    const { should_provide_vlan, vlan } = { vlan: undefined, ...vif.network };
    expect({ should_provide_vlan, vlan }).toEqual({ vlan: undefined, ...said });
  });
});
