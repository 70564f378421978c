import type { AnswerReader } from '../answer/answer-reader.js';
import { projectOf } from './network.js';

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly network_id: string;
  readonly project_id: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip: string | null;
  readonly enable_dhcp: boolean;
  readonly allocation_pools: readonly { readonly start: string; readonly end: string }[];
  /** Addresses of name servers. */
  readonly dns_nameservers: readonly string[];
  readonly host_routes: readonly { readonly destination: string; readonly nexthop: string }[];
  readonly tags: readonly string[];
}

export interface SubnetUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly gateway_ip?: string | null;
  readonly enable_dhcp?: boolean;
}

export interface SubnetCreate extends SubnetUpdate {
  readonly network_id: string;
  readonly ip_version: 4 | 6;
  /** Chosen by Neutron where it comes from a pool of subnets. */
  readonly cidr?: string;
  readonly subnetpool_id?: string;
  readonly project_id?: string;
  readonly allocation_pools?: readonly { readonly start: string; readonly end: string }[];
}

export function readSubnet(answer: AnswerReader): Subnet {
  return {
    id: answer.string('id'),
    name: answer.text('name'),
    description: answer.text('description'),
    network_id: answer.string('network_id'),
    project_id: projectOf(answer),
    ip_version: answer.integer('ip_version') === 6 ? 6 : 4,
    cidr: answer.string('cidr'),
    gateway_ip: answer.stringOrNull('gateway_ip'),
    enable_dhcp: answer.booleanOr('enable_dhcp', false),
    allocation_pools: answer.list('allocation_pools', (pool) => ({
      start: pool.string('start'),
      end: pool.string('end'),
    })),
    dns_nameservers: answer.strings('dns_nameservers'),
    host_routes: answer.list('host_routes', (route) => ({
      destination: route.string('destination'),
      nexthop: route.string('nexthop'),
    })),
    tags: answer.strings('tags'),
  };
}
