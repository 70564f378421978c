import { defaulted, listOf, nullable, optional } from './fields/composed-fields.js';
import { type FieldsOf, type ObjectClass, type ObjectIdentity, objectClass } from './fields/object-class.js';
import { boolean, integer, ipAddress, ipNetwork, macAddress, string, uuid } from './fields/scalar-fields.js';
import { subclassOf } from './fields/subclass-of.js';

/** A list as os_vif has it, an object itself. */
export interface ObjectList<T> {
  readonly objects: readonly T[];
}

export interface Route {
  /** Destination. */
  readonly cidr: string;
  readonly gateway?: string;
  readonly interface?: string;
}

export interface FixedIP {
  readonly address: string;
  readonly floating_ips?: readonly string[];
}

export interface Subnet {
  readonly cidr: string;
  /** Addresses of name servers. */
  readonly dns?: readonly string[];
  readonly gateway?: string;
  /** Addresses of the VIF in this subnet. */
  readonly ips?: ObjectList<FixedIP>;
  readonly routes?: ObjectList<Route>;
  readonly dhcp_server?: string;
}

export interface Network {
  readonly id: string;
  readonly bridge?: string;
  /** Its name. */
  readonly label?: string;
  readonly subnets: ObjectList<Subnet>;
  readonly multi_host: boolean;
  readonly should_provide_bridge: boolean;
  readonly should_provide_vlan: boolean;
  readonly bridge_interface?: string | null;
  readonly vlan?: number | null;
  readonly mtu: number | null;
}

/** Tells Open vSwitch which port of Neutron an interface is. */
export interface VIFPortProfileOpenVSwitch {
  readonly className: 'VIFPortProfileOpenVSwitch';
  /** Id of the port. */
  readonly interface_id: string;
  readonly profile_id?: string;
  readonly datapath_type?: string | null;
  readonly create_port?: boolean;
  readonly create_tap?: boolean;
  readonly multiqueue?: boolean;
}

/** What every VIF has. Fields of a VIF that need not be set are left out, not undefined. */
export interface VIFBase {
  /** Id of the Neutron port. */
  readonly id: string;
  /** MAC address. */
  readonly address: string | null;
  readonly network: Network | null;
  /** The plugin of os_vif that plugs it: `ovs`, `linux_bridge`, `noop`. */
  readonly plugin?: string;
  /** The network is ready for it; Kuryr's CNI daemon waits for that. */
  readonly active: boolean;
  readonly preserve_on_delete: boolean;
  /** The network filters by itself (security groups). */
  readonly has_traffic_filtering: boolean;
  readonly port_profile?: VIFPortProfileOpenVSwitch;
}

/** Plugged straight into a bridge of Open vSwitch. */
export interface VIFOpenVSwitch extends VIFBase {
  readonly className: 'VIFOpenVSwitch';
  readonly vif_name?: string;
  readonly bridge_name?: string;
}

/** Plugged into a Linux bridge. */
export interface VIFBridge extends VIFBase {
  readonly className: 'VIFBridge';
  readonly vif_name?: string;
  readonly bridge_name?: string;
}

/** Nothing to be plugged: a TAP device of somebody else's. */
export interface VIFGeneric extends VIFBase {
  readonly className: 'VIFGeneric';
  readonly vif_name?: string;
}

/** Kuryr's own: a VLAN on the interface of the node, for a node that is itself a server of the cloud. */
export interface VIFVlanNested extends VIFBase {
  readonly className: 'VIFVlanNested';
  readonly vif_name: string;
  readonly vlan_id: number;
}

/** Kuryr's own: a macvlan device on the interface of the node. */
export interface VIFMacvlanNested extends VIFBase {
  readonly className: 'VIFMacvlanNested';
  readonly vif_name: string;
}

/** A network interface of a Pod. */
export type Vif = VIFOpenVSwitch | VIFBridge | VIFGeneric | VIFVlanNested | VIFMacvlanNested;

/** Of namespace `os_vif`, version 1.0 unless said otherwise. */
function osVifClass<T extends object>(
  name: string,
  fields: FieldsOf<T>,
  versions: Partial<ObjectIdentity> = {},
): ObjectClass<T> {
  return objectClass({ namespace: 'os_vif', name, version: '1.0', ...versions }, fields);
}

function listClass<T>(name: string, entry: ObjectClass<T>): ObjectClass<ObjectList<T>> {
  return osVifClass<ObjectList<T>>(name, { objects: listOf(entry) });
}

export const ROUTE = osVifClass<Route>('Route', {
  cidr: ipNetwork(),
  gateway: optional(ipAddress()),
  interface: optional(string()),
});
export const ROUTE_LIST = listClass('RouteList', ROUTE);

export const FIXED_IP = osVifClass<FixedIP>('FixedIP', {
  address: ipAddress(),
  floating_ips: optional(listOf(ipAddress())),
});
export const FIXED_IP_LIST = listClass('FixedIPList', FIXED_IP);

export const SUBNET = osVifClass<Subnet>('Subnet', {
  cidr: ipNetwork(),
  dns: optional(listOf(ipAddress())),
  gateway: optional(ipAddress()),
  ips: optional(FIXED_IP_LIST),
  routes: optional(ROUTE_LIST),
  dhcp_server: optional(ipAddress()),
});
export const SUBNET_LIST = listClass('SubnetList', SUBNET);

export const NETWORK = osVifClass<Network>(
  'Network',
  {
    id: uuid(),
    bridge: optional(string()),
    label: optional(string()),
    subnets: SUBNET_LIST,
    multi_host: defaulted(boolean(), false),
    should_provide_bridge: defaulted(boolean(), false),
    should_provide_vlan: defaulted(boolean(), false),
    bridge_interface: optional(nullable(string())),
    vlan: optional(nullable(integer())),
    mtu: defaulted(nullable(integer()), null),
  },
  { version: '1.1' },
);

export const VIF_PORT_PROFILE_OPEN_VSWITCH = osVifClass<Omit<VIFPortProfileOpenVSwitch, 'className'>>(
  'VIFPortProfileOpenVSwitch',
  {
    interface_id: uuid(),
    profile_id: optional(string()),
    datapath_type: optional(nullable(string())),
    create_port: optional(boolean()),
    create_tap: optional(boolean()),
    multiqueue: optional(boolean()),
  },
  { newest: '1.4', since: { datapath_type: '1.1', create_port: '1.3', create_tap: '1.4', multiqueue: '1.4' } },
);

const VIF_BASE: FieldsOf<VIFBase> = {
  id: uuid(),
  address: nullable(macAddress()),
  network: nullable(NETWORK),
  plugin: optional(string()),
  active: defaulted(boolean(), true),
  preserve_on_delete: defaulted(boolean(), false),
  has_traffic_filtering: defaulted(boolean(), false),
  port_profile: optional(
    subclassOf<VIFPortProfileOpenVSwitch>('VIFPortProfileBase', {
      VIFPortProfileOpenVSwitch: VIF_PORT_PROFILE_OPEN_VSWITCH,
    }),
  ),
};

/** Any VIF. */
export const VIF = subclassOf<Vif>('VIFBase', {
  VIFOpenVSwitch: osVifClass<Omit<VIFOpenVSwitch, 'className'>>('VIFOpenVSwitch', {
    ...VIF_BASE,
    vif_name: optional(string()),
    bridge_name: optional(string()),
  }),
  VIFBridge: osVifClass<Omit<VIFBridge, 'className'>>('VIFBridge', {
    ...VIF_BASE,
    vif_name: optional(string()),
    bridge_name: optional(string()),
  }),
  VIFGeneric: osVifClass<Omit<VIFGeneric, 'className'>>('VIFGeneric', { ...VIF_BASE, vif_name: optional(string()) }),
  VIFVlanNested: osVifClass<Omit<VIFVlanNested, 'className'>>('VIFVlanNested', {
    ...VIF_BASE,
    vif_name: string(),
    vlan_id: integer(),
  }),
  VIFMacvlanNested: osVifClass<Omit<VIFMacvlanNested, 'className'>>('VIFMacvlanNested', {
    ...VIF_BASE,
    vif_name: string(),
  }),
});
