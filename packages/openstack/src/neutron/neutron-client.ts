import type { CallOptions } from '../api/call-options.js';
import type { Collection } from '../api/collection.js';
import type { TagFilter } from '../api/tag-filter.js';
import type { Extension } from './extension.js';
import type { FloatingIp, FloatingIpCreate, FloatingIpUpdate } from './floating-ip.js';
import type { Network, NetworkCreate, NetworkUpdate } from './network.js';
import type { Port, PortCreate, PortUpdate } from './port.js';
import type { NetworkQuota } from './quota.js';
import type { SecurityGroup, SecurityGroupCreate, SecurityGroupUpdate } from './security-group.js';
import type { SecurityGroupRule, SecurityGroupRuleCreate } from './security-group-rule.js';
import type { Subnet, SubnetCreate, SubnetUpdate } from './subnet.js';
import type { Subport, Trunk, TrunkCreate, TrunkUpdate } from './trunk.js';

/** Filters that every list of Neutron takes; several values of one are alternatives, and there may be any number of them. */
export interface NeutronFilter extends TagFilter {
  readonly id?: string | readonly string[];
  readonly name?: string;
  readonly description?: string;
  readonly project_id?: string;
  /** Objects of one page. @default the cloud's */
  readonly limit?: number;
}

export interface NetworkFilter extends NeutronFilter {
  readonly 'router:external'?: boolean;
}

export interface SubnetFilter extends NeutronFilter {
  readonly network_id?: string;
  readonly cidr?: string;
}

export interface PortFilter extends NeutronFilter {
  readonly network_id?: string;
  readonly device_id?: string;
  readonly device_owner?: string;
  readonly mac_address?: string;
  /** E.g. `ip_address=10.0.0.5` or `subnet_id=…`. */
  readonly fixed_ips?: string | readonly string[];
  /** Ids; ports that have one of them. */
  readonly security_groups?: string | readonly string[];
}

export interface FloatingIpFilter extends NeutronFilter {
  readonly port_id?: string;
  readonly floating_network_id?: string;
  readonly floating_ip_address?: string;
  readonly status?: string;
}

export interface SecurityGroupRuleFilter extends NeutronFilter {
  readonly security_group_id?: string;
  readonly direction?: 'ingress' | 'egress';
}

export interface TrunkFilter extends NeutronFilter {
  readonly port_id?: string;
}

/** Kinds of objects that have tags, as they stand in a path. */
export type TaggedKind = 'networks' | 'subnets' | 'ports' | 'floatingips' | 'security-groups';

/** Neutron's API v2.0. */
export interface NeutronClient {
  readonly networks: Collection<Network, NetworkCreate, NetworkUpdate, NetworkFilter>;
  readonly subnets: Collection<Subnet, SubnetCreate, SubnetUpdate, SubnetFilter>;
  readonly ports: Collection<Port, PortCreate, PortUpdate, PortFilter>;
  /**
   * Several ports in one request: all of them, or none.
   * @throws as `ports.create`; AddressesExhaustedError
   */
  createPorts(ports: readonly PortCreate[], options?: CallOptions): Promise<readonly Port[]>;
  /**
   * Replaces the security groups of a port that is still as it was read (by its revision, where Neutron has these).
   * @throws ChangedMeanwhileError where it is not; NotFoundError, UnknownOutcomeError
   */
  setSecurityGroups(
    port: Pick<Port, 'id' | 'revision_number'>,
    groups: readonly string[],
    options?: CallOptions,
  ): Promise<Port>;
  /** NotFoundError where Neutron has no trunks. */
  readonly trunks: Collection<Trunk, TrunkCreate, TrunkUpdate, TrunkFilter>;
  /**
   * All of them, or none. ConflictError where a VLAN is in use on the trunk, a port is a subport already, or has a device_id.
   * @throws NotFoundError, ConflictError, BadRequestError
   */
  addSubports(trunkId: string, subports: readonly Subport[], options?: CallOptions): Promise<Trunk>;
  /** @throws NotFoundError for a port that is none of the trunk's */
  removeSubports(trunkId: string, portIds: readonly string[], options?: CallOptions): Promise<Trunk>;
  /** Gives a subnet an address of a router. BadRequestError where it has one. */
  addRouterInterface(routerId: string, subnetId: string, options?: CallOptions): Promise<void>;
  /** @throws NotFoundError where it has none */
  removeRouterInterface(routerId: string, subnetId: string, options?: CallOptions): Promise<void>;
  /** A second one on a port is a ConflictError. */
  readonly floatingIps: Collection<FloatingIp, FloatingIpCreate, FloatingIpUpdate, FloatingIpFilter>;
  readonly securityGroups: Collection<SecurityGroup, SecurityGroupCreate, SecurityGroupUpdate, NeutronFilter>;
  /** A rule can't be changed. */
  readonly securityGroupRules: Omit<
    Collection<SecurityGroupRule, SecurityGroupRuleCreate, never, SecurityGroupRuleFilter>,
    'update'
  >;
  /** Replaces all tags of an object; returns those it has then. */
  setTags(kind: TaggedKind, id: string, tags: readonly string[], options?: CallOptions): Promise<readonly string[]>;
  quota(projectId: string, options?: CallOptions): Promise<NetworkQuota>;
  extensions(options?: CallOptions): Promise<readonly Extension[]>;
}
