/** What Neutron stores here, under the names of its API. */

interface Stored {
  readonly id: string;
  readonly project_id: string;
  readonly created_at: string;
  updated_at: string;
  revision_number: number;
  description: string;
  tags: readonly string[];
}

export interface Network extends Stored {
  name: string;
  readonly 'router:external': boolean;
}

/** Subnets that take their addresses from it do not overlap. */
export interface SubnetPool extends Stored {
  name: string;
  readonly prefixes: readonly string[];
  readonly default_prefixlen: number;
}

export interface Subnet extends Stored {
  name: string;
  readonly network_id: string;
  readonly cidr: string;
  readonly gateway_ip: string;
  readonly subnetpool_id?: string;
}

export interface Port extends Stored {
  name: string;
  readonly network_id: string;
  readonly fixed_ips: readonly { readonly subnet_id: string; readonly ip_address: string }[];
  admin_state_up: boolean;
  status: string;
  device_id: string;
  device_owner: string;
  security_groups: readonly string[];
  readonly mac_address?: string;
  /** The host that it is bound to; absent where it is not. */
  readonly host?: string;
  /** Milliseconds since the epoch when its host will have plugged it in. */
  activeAt?: number;
}

export interface Trunk extends Stored {
  name: string;
  admin_state_up: boolean;
  readonly port_id: string;
  sub_ports: readonly Subport[];
}

export interface Subport {
  readonly port_id: string;
  readonly segmentation_type: string;
  readonly segmentation_id: number;
}

export interface FloatingIp extends Stored {
  readonly floating_network_id: string;
  readonly floating_ip_address: string;
  port_id: string | null;
  fixed_ip_address: string | null;
  router_id: string | null;
  status: string;
}

export interface SecurityGroup extends Stored {
  name: string;
}

export interface SecurityGroupRule extends Stored {
  readonly security_group_id: string;
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
}
