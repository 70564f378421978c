import type { AnswerReader } from '../answer/answer-reader.js';
import {
  type LoadBalancerObject,
  type Reference,
  readLoadBalancerObject,
  readReference,
} from './load-balancer-object.js';

/** Times in seconds. A monitor has no description. */
export interface HealthMonitor extends Omit<LoadBalancerObject, 'description'> {
  /** HTTP, HTTPS, PING, SCTP, TCP, TLS-HELLO, UDP-CONNECT. */
  readonly type: string;
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
  readonly max_retries_down: number;
  readonly http_method: string | null;
  readonly url_path: string | null;
  readonly expected_codes: string | null;
  /** 1 or 1.1. */
  readonly http_version: number | null;
  readonly domain_name: string | null;
  /** The one pool that is monitored. */
  readonly pools: readonly Reference[];
}

/** All of a monitor but its type, which never changes. */
export interface HealthMonitorUpdate {
  readonly name?: string;
  readonly admin_state_up?: boolean;
  readonly tags?: readonly string[];
  /** Seconds between two checks. */
  readonly delay?: number;
  /** Seconds, less than `delay`. */
  readonly timeout?: number;
  /** 1 to 10. */
  readonly max_retries?: number;
  /** 1 to 10. */
  readonly max_retries_down?: number;
  readonly http_method?: string | null;
  readonly url_path?: string | null;
  /** `200`, `200,202` or `200-204`. */
  readonly expected_codes?: string | null;
  /** Since 2.10. */
  readonly http_version?: 1 | 1.1 | null;
  /**
   * Needs `http_version` 1.1. Since 2.10. Octavia 16.0.0 renders it so that HAProxy 3.0 refuses the whole configuration and
   * the load balancer goes to ERROR (measured).
   */
  readonly domain_name?: string | null;
}

/** The monitor of a pool of a fully populated load balancer. */
export interface HealthMonitorInTree extends HealthMonitorUpdate {
  readonly type: 'HTTP' | 'HTTPS' | 'PING' | 'SCTP' | 'TCP' | 'TLS-HELLO' | 'UDP-CONNECT';
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
}

/** A pool has at most one: a second is a conflict. */
export interface HealthMonitorCreate extends HealthMonitorInTree {
  readonly pool_id: string;
}

export function readHealthMonitor(answer: AnswerReader): HealthMonitor {
  const { description: _, ...common } = readLoadBalancerObject(answer);
  return {
    ...common,
    type: answer.string('type'),
    delay: answer.integer('delay'),
    timeout: answer.integer('timeout'),
    max_retries: answer.integer('max_retries'),
    max_retries_down: answer.integer('max_retries_down'),
    http_method: answer.stringOrNull('http_method'),
    url_path: answer.stringOrNull('url_path'),
    expected_codes: answer.stringOrNull('expected_codes'),
    http_version: answer.numberOrNull('http_version'),
    domain_name: answer.stringOrNull('domain_name'),
    pools: answer.list('pools', readReference),
  };
}
