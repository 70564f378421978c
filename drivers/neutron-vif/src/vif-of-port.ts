import type { VIFBase, Vif, Network as VifNetwork, Subnet as VifSubnet } from '@kuryr-l7/kuryr-objects';
import type { Network, Port, Subnet } from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';

/** Characters of the name of a network interface of Linux. */
const INTERFACE_NAME = 14;

/** A port, and what is around it. */
export interface PortSurroundings {
  readonly port: Port;
  readonly network: Network;
  /** Those that the Pod shall have addresses in. */
  readonly subnets: readonly Subnet[];
}

/**
 * The VIF of a port that Open vSwitch serves, as Kuryr makes it.
 * @param ovsBridge where Neutron does not tell the bridge
 * @throws ConfigurationError where nobody tells it
 */
export function openVSwitchVif(surroundings: PortSurroundings, ovsBridge: string | undefined): Vif {
  const { port } = surroundings;
  const details = port['binding:vif_details'];
  const bridge = details.bridge_name ?? ovsBridge;
  if (bridge === undefined) {
    throw new ConfigurationError(
      `Neutron does not tell the bridge of port ${port.id}: set [neutron_defaults] ovs_bridge, usually br-int`,
    );
  }
  const vif = {
    ...vifBase(surroundings),
    network: { ...vifNetwork(surroundings), bridge },
    plugin: 'ovs',
    vif_name: interfaceName('tap', port),
    port_profile: { className: 'VIFPortProfileOpenVSwitch', interface_id: port.id },
  } as const;
  return details.ovs_hybrid_plug
    ? { className: 'VIFBridge', ...vif, bridge_name: interfaceName('qbr', port) }
    : { className: 'VIFOpenVSwitch', ...vif, bridge_name: bridge };
}

/** The VIF of a port that is a VLAN of the trunk of its node, as Kuryr makes it. */
export function vlanVif(surroundings: PortSurroundings, vlanId: number): Vif {
  return {
    className: 'VIFVlanNested',
    ...vifBase(surroundings),
    network: vifNetwork(surroundings),
    plugin: 'noop',
    vif_name: interfaceName('tap', surroundings.port),
    vlan_id: vlanId,
  };
}

function vifBase({ port }: PortSurroundings): Omit<VIFBase, 'network' | 'plugin' | 'port_profile'> {
  return {
    id: port.id,
    address: port.mac_address,
    active: port.status === 'ACTIVE',
    preserve_on_delete: false,
    has_traffic_filtering: port['binding:vif_details'].port_filter,
  };
}

function vifNetwork({ port, network, subnets }: PortSurroundings): VifNetwork {
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
