import type { AnswerReader } from '../answer/answer-reader.js';
import type { L7PolicyInTree } from './l7-policy.js';
import {
  type LoadBalancerObject,
  type LoadBalancerObjectFields,
  type Reference,
  readLoadBalancerObject,
  readReference,
} from './load-balancer-object.js';
import type { PoolInTree } from './pool.js';

export interface Listener extends LoadBalancerObject {
  /** HTTP, HTTPS, TCP, UDP, TERMINATED_HTTPS, SCTP, PROMETHEUS; providers may add some. */
  readonly protocol: string;
  readonly protocol_port: number;
  readonly loadbalancers: readonly Reference[];
  readonly l7policies: readonly Reference[];
  readonly default_pool_id: string | null;
  /** -1: no limit. */
  readonly connection_limit: number | null;
  readonly default_tls_container_ref: string | null;
  readonly sni_container_refs: readonly string[];
  /** Names of headers with the text `true`. */
  readonly insert_headers: Readonly<Record<string, string>>;
  /** Milliseconds, as are the other three. */
  readonly timeout_client_data: number | null;
  readonly timeout_member_connect: number | null;
  readonly timeout_member_data: number | null;
  readonly timeout_tcp_inspect: number | null;
  /** `[]`: everybody. */
  readonly allowed_cidrs: readonly string[];
  readonly client_authentication: string;
  readonly client_ca_tls_container_ref: string | null;
  readonly client_crl_container_ref: string | null;
  readonly tls_ciphers: string | null;
  readonly tls_versions: readonly string[];
  readonly alpn_protocols: readonly string[];
  readonly hsts_max_age: number | null;
  readonly hsts_include_subdomains: boolean;
  readonly hsts_preload: boolean;
}

/** All of a listener but its protocol and port, which never change. `null` goes back to Octavia's default. */
export interface ListenerUpdate extends LoadBalancerObjectFields {
  readonly connection_limit?: number | null;
  readonly default_pool_id?: string | null;
  readonly default_tls_container_ref?: string | null;
  readonly sni_container_refs?: readonly string[] | null;
  readonly insert_headers?: Readonly<Record<string, string>> | null;
  /** Milliseconds, 0 to 86400000, as are the other three. Since 2.1. */
  readonly timeout_client_data?: number | null;
  readonly timeout_member_connect?: number | null;
  readonly timeout_member_data?: number | null;
  readonly timeout_tcp_inspect?: number | null;
  /** Since 2.12. */
  readonly allowed_cidrs?: readonly string[] | null;
  /** Since 2.8. */
  readonly client_authentication?: 'NONE' | 'OPTIONAL' | 'MANDATORY' | null;
  readonly client_ca_tls_container_ref?: string | null;
  readonly client_crl_container_ref?: string | null;
  /** OpenSSL's format. Since 2.15. */
  readonly tls_ciphers?: string | null;
  /** `TLSv1.2`, `TLSv1.3`, … Since 2.17. */
  readonly tls_versions?: readonly string[] | null;
  /** `h2`, `http/1.1`, `http/1.0`. Since 2.20. */
  readonly alpn_protocols?: readonly string[] | null;
  /** Seconds; only on TERMINATED_HTTPS. Since 2.27. */
  readonly hsts_max_age?: number | null;
  readonly hsts_include_subdomains?: boolean;
  readonly hsts_preload?: boolean;
}

interface NewListener extends ListenerUpdate {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP' | 'TERMINATED_HTTPS' | 'SCTP' | 'PROMETHEUS';
  /** 1 to 65535. */
  readonly protocol_port: number;
}

export interface ListenerCreate extends NewListener {
  readonly loadbalancer_id: string;
}

/** A listener of a fully populated load balancer. */
export interface ListenerInTree extends Omit<NewListener, 'default_pool_id'> {
  /** One of the pools of the request by its name, or in full. */
  readonly default_pool?: PoolInTree | { readonly name: string };
  readonly l7policies?: readonly L7PolicyInTree[];
}

export function readListener(answer: AnswerReader): Listener {
  return {
    ...readLoadBalancerObject(answer),
    protocol: answer.string('protocol'),
    protocol_port: answer.integer('protocol_port'),
    loadbalancers: answer.list('loadbalancers', readReference),
    l7policies: answer.list('l7policies', readReference),
    default_pool_id: answer.stringOrNull('default_pool_id'),
    connection_limit: answer.integerOrNull('connection_limit'),
    default_tls_container_ref: answer.stringOrNull('default_tls_container_ref'),
    sni_container_refs: answer.strings('sni_container_refs'),
    insert_headers: answer.texts('insert_headers'),
    timeout_client_data: answer.integerOrNull('timeout_client_data'),
    timeout_member_connect: answer.integerOrNull('timeout_member_connect'),
    timeout_member_data: answer.integerOrNull('timeout_member_data'),
    timeout_tcp_inspect: answer.integerOrNull('timeout_tcp_inspect'),
    allowed_cidrs: answer.strings('allowed_cidrs'),
    client_authentication: answer.text('client_authentication'),
    client_ca_tls_container_ref: answer.stringOrNull('client_ca_tls_container_ref'),
    client_crl_container_ref: answer.stringOrNull('client_crl_container_ref'),
    tls_ciphers: answer.stringOrNull('tls_ciphers'),
    tls_versions: answer.strings('tls_versions'),
    alpn_protocols: answer.strings('alpn_protocols'),
    hsts_max_age: answer.integerOrNull('hsts_max_age'),
    hsts_include_subdomains: answer.booleanOr('hsts_include_subdomains', false),
    hsts_preload: answer.booleanOr('hsts_preload', false),
  };
}
