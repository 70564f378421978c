import type { AnswerReader } from '../answer/answer-reader.js';
import type { ListenerInTree } from './listener.js';
import {
  type LoadBalancerObject,
  type LoadBalancerObjectFields,
  type Reference,
  readLoadBalancerObject,
  readReference,
} from './load-balancer-object.js';
import type { PoolInTree } from './pool.js';

export interface LoadBalancer extends LoadBalancerObject {
  /** `amphora`, `ovn`, … */
  readonly provider: string;
  readonly flavor_id: string | null;
  readonly availability_zone: string | null;
  readonly vip_address: string;
  readonly vip_port_id: string;
  readonly vip_subnet_id: string | null;
  readonly vip_network_id: string | null;
  readonly vip_qos_policy_id: string | null;
  /** Groups of the project on the port of the VIP, beside Octavia's own; empty before 2.29. */
  readonly vip_sg_ids: readonly string[];
  readonly additional_vips: readonly AdditionalVip[];
  readonly listeners: readonly Reference[];
  readonly pools: readonly Reference[];
}

export interface AdditionalVip {
  readonly subnet_id: string;
  readonly ip_address: string | null;
}

/**
 * One of `vip_subnet_id`, `vip_network_id` and `vip_port_id` has to be given. With `listeners` and `pools` everything is
 * made in one request (which no other resource offers): pools are named, names are unique within the request.
 */
export interface LoadBalancerCreate extends LoadBalancerObjectFields {
  readonly project_id?: string;
  /** @default what the cloud's administrator chose */
  readonly provider?: string;
  readonly flavor_id?: string;
  readonly availability_zone?: string;
  readonly vip_subnet_id?: string;
  readonly vip_network_id?: string;
  readonly vip_port_id?: string;
  readonly vip_address?: string;
  readonly vip_qos_policy_id?: string;
  /** Since 2.29; not together with `allowed_cidrs` of a listener. */
  readonly vip_sg_ids?: readonly string[];
  /** Since 2.26. */
  readonly additional_vips?: readonly { readonly subnet_id: string; readonly ip_address?: string }[];
  readonly listeners?: readonly ListenerInTree[];
  readonly pools?: readonly PoolInTree[];
}

export interface LoadBalancerUpdate extends LoadBalancerObjectFields {
  readonly vip_qos_policy_id?: string | null;
  /** Since 2.29; replaces all of them. */
  readonly vip_sg_ids?: readonly string[];
}

export function readLoadBalancer(answer: AnswerReader): LoadBalancer {
  return {
    ...readLoadBalancerObject(answer),
    provider: answer.text('provider'),
    flavor_id: answer.stringOrNull('flavor_id'),
    availability_zone: answer.stringOrNull('availability_zone'),
    vip_address: answer.text('vip_address'),
    vip_port_id: answer.text('vip_port_id'),
    vip_subnet_id: answer.stringOrNull('vip_subnet_id'),
    vip_network_id: answer.stringOrNull('vip_network_id'),
    vip_qos_policy_id: answer.stringOrNull('vip_qos_policy_id'),
    vip_sg_ids: answer.strings('vip_sg_ids'),
    additional_vips: answer.list('additional_vips', (vip) => ({
      subnet_id: vip.string('subnet_id'),
      ip_address: vip.stringOrNull('ip_address'),
    })),
    listeners: answer.list('listeners', readReference),
    pools: answer.list('pools', readReference),
  };
}
