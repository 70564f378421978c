import type { AnswerReader } from '../answer/answer-reader.js';
import type { HealthMonitorInTree } from './health-monitor.js';
import {
  type LoadBalancerObject,
  type LoadBalancerObjectFields,
  type Reference,
  readLoadBalancerObject,
  readReference,
} from './load-balancer-object.js';
import type { MemberFields } from './member.js';

export interface Pool extends LoadBalancerObject {
  /** HTTP, HTTPS, PROXY, PROXYV2, TCP, UDP, SCTP. */
  readonly protocol: string;
  /** ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP; SOURCE_IP_PORT of the ovn provider. */
  readonly lb_algorithm: string;
  readonly session_persistence: SessionPersistence | null;
  readonly loadbalancers: readonly Reference[];
  /** Listeners whose default pool this is. */
  readonly listeners: readonly Reference[];
  readonly members: readonly Reference[];
  readonly healthmonitor_id: string | null;
  readonly tls_enabled: boolean;
  readonly tls_container_ref: string | null;
  readonly ca_tls_container_ref: string | null;
  readonly crl_container_ref: string | null;
  readonly tls_ciphers: string | null;
  readonly tls_versions: readonly string[];
  readonly alpn_protocols: readonly string[];
}

export interface SessionPersistence {
  /** SOURCE_IP, HTTP_COOKIE, APP_COOKIE. */
  readonly type: string;
  readonly cookie_name: string | null;
  readonly persistence_timeout: number | null;
  readonly persistence_granularity: string | null;
}

export type PoolLbAlgorithm = 'ROUND_ROBIN' | 'LEAST_CONNECTIONS' | 'SOURCE_IP' | 'SOURCE_IP_PORT';

/** All of a pool but its protocol, which never changes. */
export interface PoolUpdate extends LoadBalancerObjectFields {
  readonly lb_algorithm?: PoolLbAlgorithm;
  readonly session_persistence?: {
    readonly type: 'SOURCE_IP' | 'HTTP_COOKIE' | 'APP_COOKIE';
    /** For APP_COOKIE. */
    readonly cookie_name?: string;
    readonly persistence_timeout?: number;
    readonly persistence_granularity?: string;
  } | null;
  /** Since 2.8, as are the three references. */
  readonly tls_enabled?: boolean;
  readonly tls_container_ref?: string | null;
  readonly ca_tls_container_ref?: string | null;
  readonly crl_container_ref?: string | null;
  /** Since 2.15. */
  readonly tls_ciphers?: string | null;
  /** Since 2.18. */
  readonly tls_versions?: readonly string[] | null;
  /** Since 2.24. */
  readonly alpn_protocols?: readonly string[] | null;
}

interface NewPool extends PoolUpdate {
  /** PROXYV2 since 2.22. */
  readonly protocol: 'HTTP' | 'HTTPS' | 'PROXY' | 'PROXYV2' | 'TCP' | 'UDP' | 'SCTP';
  readonly lb_algorithm: PoolLbAlgorithm;
}

/** Members and a monitor can't be given here: Octavia answers 500 (measured on 11.0.0 and 16.0.0). */
export type PoolCreate = NewPool & ({ readonly loadbalancer_id: string } | { readonly listener_id: string });

/** A pool of a fully populated load balancer. */
export interface PoolInTree extends NewPool {
  /** Unique within the request. */
  readonly name: string;
  readonly members?: readonly MemberFields[];
  readonly healthmonitor?: HealthMonitorInTree;
}

export function readPool(answer: AnswerReader): Pool {
  return {
    ...readLoadBalancerObject(answer),
    protocol: answer.string('protocol'),
    lb_algorithm: answer.string('lb_algorithm'),
    session_persistence: answer.objectOrNull('session_persistence', readSessionPersistence),
    loadbalancers: answer.list('loadbalancers', readReference),
    listeners: answer.list('listeners', readReference),
    members: answer.list('members', readReference),
    healthmonitor_id: answer.stringOrNull('healthmonitor_id'),
    tls_enabled: answer.booleanOr('tls_enabled', false),
    tls_container_ref: answer.stringOrNull('tls_container_ref'),
    ca_tls_container_ref: answer.stringOrNull('ca_tls_container_ref'),
    crl_container_ref: answer.stringOrNull('crl_container_ref'),
    tls_ciphers: answer.stringOrNull('tls_ciphers'),
    tls_versions: answer.strings('tls_versions'),
    alpn_protocols: answer.strings('alpn_protocols'),
  };
}

function readSessionPersistence(answer: AnswerReader): SessionPersistence {
  return {
    type: answer.string('type'),
    cookie_name: answer.stringOrNull('cookie_name'),
    persistence_timeout: answer.integerOrNull('persistence_timeout'),
    persistence_granularity: answer.stringOrNull('persistence_granularity'),
  };
}
