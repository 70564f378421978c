import type { AnswerReader } from '../answer/answer-reader.js';
import { type LoadBalancerObject, readLoadBalancerObject } from './load-balancer-object.js';

/** A member has no description. */
export interface Member extends Omit<LoadBalancerObject, 'description'> {
  readonly address: string;
  readonly protocol_port: number;
  /** 0 to 256; 0 drains. */
  readonly weight: number;
  readonly backup: boolean;
  readonly subnet_id: string | null;
  readonly monitor_address: string | null;
  readonly monitor_port: number | null;
}

export interface MemberUpdate {
  readonly name?: string;
  readonly admin_state_up?: boolean;
  readonly tags?: readonly string[];
  readonly weight?: number;
  /** Since 2.1. */
  readonly backup?: boolean;
  readonly monitor_address?: string | null;
  readonly monitor_port?: number | null;
}

/**
 * A member by address and port, as it is made or given in a batch. In a batch a `weight`, `backup`, `monitor_address` or
 * `monitor_port` that is left out goes back to its default (1, false, null, null); `name` and `tags` are kept.
 */
export interface MemberFields extends MemberUpdate {
  /** IP address without brackets. */
  readonly address: string;
  /** 1 to 65535. */
  readonly protocol_port: number;
  /** Never changes. */
  readonly subnet_id?: string;
}

export function readMember(answer: AnswerReader): Member {
  const { description: _, ...common } = readLoadBalancerObject(answer);
  return {
    ...common,
    address: answer.string('address'),
    protocol_port: answer.integer('protocol_port'),
    weight: answer.integer('weight'),
    backup: answer.booleanOr('backup', false),
    subnet_id: answer.stringOrNull('subnet_id'),
    monitor_address: answer.stringOrNull('monitor_address'),
    monitor_port: answer.integerOrNull('monitor_port'),
  };
}
