import type { VIFBase, Vif, Network as VifNetwork, Subnet as VifSubnet } from '@kuryr-l7/kuryr-objects';
import type { Port, Subnet } from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';
import type { SurroundedPort } from './port-surroundings.js';

/** Characters of the name of a network interface of Linux. */
const INTERFACE_NAME = 14;

/**
 * The VIF of a port that Open vSwitch serves, as Kuryr makes it.
 * @param ovsBridge where Neutron does not tell the bridge
 * @throws ConfigurationError where nobody tells it
 */
export function openVSwitchVif(surrounded: SurroundedPort, ovsBridge: string | undefined): Vif {
  const { port } = surrounded;
  const details = port['binding:vif_details'];
  const bridge = details.bridge_name ?? ovsBridge;
  if (bridge === undefined) {
    throw new ConfigurationError(
      `Neutron does not tell the bridge of port ${port.id}: set [neutron_defaults] ovs_bridge, usually br-int`,
    );
  }
  const vif = {
    ...vifBase(surrounded),
    network: { ...vifNetwork(surrounded), bridge },
    plugin: 'ovs',
    vif_name: interfaceName('tap', port),
    port_profile: { className: 'VIFPortProfileOpenVSwitch', interface_id: port.id },
  } as const;
  return details.ovs_hybrid_plug
    ? { className: 'VIFBridge', ...vif, bridge_name: interfaceName('qbr', port) }
    : { className: 'VIFOpenVSwitch', ...vif, bridge_name: bridge };
}

/** The VIF of a port that is a VLAN of the trunk of its node, as Kuryr makes it. */
export function vlanVif(surrounded: SurroundedPort, vlanId: number): Vif {
  return {
    className: 'VIFVlanNested',
    ...vifBase(surrounded),
    network: vifNetwork(surrounded),
    plugin: 'noop',
    vif_name: interfaceName('tap', surrounded.port),
    vlan_id: vlanId,
  };
}

function vifBase({ port }: SurroundedPort): Omit<VIFBase, 'network' | 'plugin' | 'port_profile'> {
  return {
    id: port.id,
    address: port.mac_address,
    active: port.status === 'ACTIVE',
    preserve_on_delete: false,
    has_traffic_filtering: port['binding:vif_details'].port_filter,
  };
}

function vifNetwork({ port, network, subnets }: SurroundedPort): VifNetwork {
  const isVlan = network['provider:network_type'] === 'vlan';
  return {
    id: network.id,
    label: network.name,
    mtu: network.mtu,
    multi_host: false,
    should_provide_bridge: false,
    should_provide_vlan: isVlan,
    ...(isVlan && { vlan: network['provider:segmentation_id'] }),
    subnets: { objects: subnets.map((subnet) => vifSubnet(port, subnet)) },
  };
}

function vifSubnet({ fixed_ips }: Port, subnet: Subnet): VifSubnet {
  const addresses = fixed_ips.filter(({ subnet_id }) => subnet_id === subnet.id);
  return {
    cidr: subnet.cidr,
    dns: subnet.dns_nameservers,
    ...(subnet.gateway_ip !== null && { gateway: subnet.gateway_ip }),
    ips: { objects: addresses.map(({ ip_address }) => ({ address: ip_address })) },
    routes: {
      objects: subnet.host_routes.map(({ destination, nexthop }) => ({ cidr: destination, gateway: nexthop })),
    },
  };
}

function interfaceName(prefix: string, { id }: Port): string {
  return `${prefix}${id}`.slice(0, INTERFACE_NAME);
}
