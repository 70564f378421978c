import type { AnswerReader } from '../answer/answer-reader.js';
import type { L7RuleFields } from './l7-rule.js';
import {
  type LoadBalancerObject,
  type LoadBalancerObjectFields,
  type Reference,
  readLoadBalancerObject,
  readReference,
} from './load-balancer-object.js';

export interface L7Policy extends LoadBalancerObject {
  readonly listener_id: string;
  /** REJECT, REDIRECT_TO_URL, REDIRECT_PREFIX, REDIRECT_TO_POOL. */
  readonly action: string;
  /** From 1, dense: Octavia renumbers the others at every insertion and deletion. */
  readonly position: number;
  readonly redirect_pool_id: string | null;
  readonly redirect_url: string | null;
  readonly redirect_prefix: string | null;
  readonly redirect_http_code: number | null;
  /** Their contents take a request for each policy. */
  readonly rules: readonly Reference[];
}

export type L7PolicyActionName = 'REJECT' | 'REDIRECT_TO_URL' | 'REDIRECT_PREFIX' | 'REDIRECT_TO_POOL';
type RedirectHttpCode = 301 | 302 | 303 | 307 | 308;

/** All of a policy but its listener. Changing the action sets the redirect fields of the former to null. */
export interface L7PolicyUpdate extends LoadBalancerObjectFields {
  readonly action?: L7PolicyActionName;
  readonly redirect_pool_id?: string | null;
  readonly redirect_url?: string | null;
  readonly redirect_prefix?: string | null;
  /** Since 2.9. */
  readonly redirect_http_code?: RedirectHttpCode | null;
  /** From 1; the others move. Beyond the end is the end. */
  readonly position?: number;
}

/** Without `position` it goes to the end. Rules can't be given here: Octavia answers 500 (measured on 11.0.0 and 16.0.0). */
export interface L7PolicyCreate extends L7PolicyUpdate {
  readonly listener_id: string;
  readonly action: L7PolicyActionName;
}

/** A policy of a fully populated load balancer. */
export interface L7PolicyInTree extends Omit<L7PolicyUpdate, 'redirect_pool_id'> {
  readonly action: L7PolicyActionName;
  /** One of the pools of the request. */
  readonly redirect_pool?: { readonly name: string };
  readonly rules?: readonly L7RuleFields[];
}

export function readL7Policy(answer: AnswerReader): L7Policy {
  return {
    ...readLoadBalancerObject(answer),
    listener_id: answer.string('listener_id'),
    action: answer.string('action'),
    position: answer.integer('position'),
    redirect_pool_id: answer.stringOrNull('redirect_pool_id'),
    redirect_url: answer.stringOrNull('redirect_url'),
    redirect_prefix: answer.stringOrNull('redirect_prefix'),
    redirect_http_code: answer.integerOrNull('redirect_http_code'),
    rules: answer.list('rules', readReference),
  };
}
