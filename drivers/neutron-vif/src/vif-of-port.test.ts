import { describe, expect, it } from '@jest/globals';
import type { Network, Port, Subnet } from '@kuryr-l7/openstack';
import { simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { openVSwitchVif, vlanVif } from './vif-of-port.js';

interface Changed {
  readonly details?: Partial<Port['binding:vif_details']>;
  readonly network?: Partial<Network>;
  readonly subnet?: Partial<Subnet>;
}

/** A port as the simulated cloud has it, whose surroundings say something else. */
async function surroundedPort({ details = {}, network = {}, subnet = {} }: Changed) {
  const { cloud, facts, host, close } = await simulatedVifCloud();
  const { networkId, subnetId } = facts.networks.vips;
  const port: Port = await cloud.neutron.ports.create({ network_id: networkId, 'binding:host_id': host });
  const surrounded = {
    port: { ...port, 'binding:vif_details': { ...port['binding:vif_details'], ...details } },
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

describe('the VIF of a port that Open vSwitch serves, as os_vif knows it', () => {
  it('is a VIFOpenVSwitch on the bridge that Neutron tells', async () => {
    const surrounded = await surroundedPort({ details: { bridge_name: 'br-own' } });
    const { id } = surrounded.port;
    expect(openVSwitchVif(surrounded, 'br-int')).toMatchObject({
      className: 'VIFOpenVSwitch',
      plugin: 'ovs',
      bridge_name: 'br-own',
      vif_name: `tap${id.slice(0, 11)}`,
      has_traffic_filtering: true,
      network: { bridge: 'br-own' },
      port_profile: { className: 'VIFPortProfileOpenVSwitch', interface_id: id },
    });
  });

  it('is a VIFBridge, with a Linux bridge of its own, where Neutron plugs it in by way of one', async () => {
    const surrounded = await surroundedPort({ details: { bridge_name: null, ovs_hybrid_plug: true } });
    expect(openVSwitchVif(surrounded, 'br-int')).toMatchObject({
      className: 'VIFBridge',
      plugin: 'ovs',
      bridge_name: `qbr${surrounded.port.id.slice(0, 11)}`,
      network: { bridge: 'br-int' },
    });
  });

  it('can not be told where neither Neutron nor kuryr.conf tells the bridge', async () => {
    const surrounded = await surroundedPort({ details: { bridge_name: null } });
    expect(() => openVSwitchVif(surrounded, undefined)).toThrow(/set \[neutron_defaults\] ovs_bridge, usually br-int/);
  });
});

it('the VIF of a port that is a VLAN of a trunk is a VIFVlanNested, which os_vif does not plug in', async () => {
  const surrounded = await surroundedPort({});
  expect(vlanVif(surrounded, 7)).toMatchObject({
    className: 'VIFVlanNested',
    plugin: 'noop',
    vlan_id: 7,
    vif_name: `tap${surrounded.port.id.slice(0, 11)}`,
  });
});
