import {
  absoluteUrl,
  cidr,
  dictionary,
  flag,
  integer,
  ipAddress,
  list,
  NAME,
  number,
  oneOf,
  PORT,
  type Reader,
  TAGS,
  text,
  urlPath,
  uuid,
} from '../shape/readers.js';
import { object } from '../shape/shape.js';
import { LISTENER_PROTOCOLS, POOL_PROTOCOLS } from './protocols.js';

/** The fields of Octavia's write requests (`octavia/api/v2/types`): what a PUT may carry, and what a POST may carry more. */

const COMMON = { name: NAME, admin_state_up: flag, tags: TAGS };
const DESCRIBED = { ...COMMON, description: text({ maximum: 255 }) };
const PROJECT = { project_id: text({ maximum: 36 }), tenant_id: text({ maximum: 36 }) };
const REFERENCE = text({ maximum: 255 });
const ONE_LINE = text({ maximum: 255, pattern: /^[^\r\n]*$/ });
const TIMEOUT = integer({ minimum: 0, maximum: 365 * 24 * 60 * 60 * 1000 });
const RETRIES = integer({ minimum: 1, maximum: 10 });
const ALPN_PROTOCOL: Reader<string> = oneOf('http/1.0', 'http/1.1', 'h2');

export const RULE_PUT = {
  admin_state_up: flag,
  tags: TAGS,
  type: oneOf(
    'HOST_NAME',
    'PATH',
    'FILE_TYPE',
    'HEADER',
    'COOKIE',
    'SSL_CONN_HAS_CERT',
    'SSL_VERIFY_RESULT',
    'SSL_DN_FIELD',
  ),
  compare_type: oneOf('REGEX', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'EQUAL_TO'),
  key: ONE_LINE,
  value: ONE_LINE,
  invert: flag,
};
export const RULE_POST = { ...RULE_PUT, ...PROJECT };
export const RULE_MANDATORY = ['type', 'compare_type', 'value'] as const;

export const MEMBER_PUT = {
  ...COMMON,
  weight: integer({ minimum: 0, maximum: 256 }),
  backup: flag,
  monitor_port: PORT,
  monitor_address: ipAddress,
};
export const MEMBER_POST = {
  ...MEMBER_PUT,
  ...PROJECT,
  address: ipAddress,
  protocol_port: PORT,
  subnet_id: uuid,
  request_sriov: flag,
};
export const MEMBER_MANDATORY = ['address', 'protocol_port'] as const;

export const HEALTH_MONITOR_PUT = {
  ...COMMON,
  delay: integer({ minimum: 0 }),
  timeout: integer({ minimum: 0 }),
  max_retries: RETRIES,
  max_retries_down: RETRIES,
  http_method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT'),
  url_path: urlPath,
  expected_codes: text({ pattern: /^(\d{3}(\s*,\s*\d{3})*)$|^(\d{3}-\d{3})$/ }),
  http_version: number,
  domain_name: text({ minimum: 1, maximum: 255 }),
};
export const HEALTH_MONITOR_NESTED = {
  ...HEALTH_MONITOR_PUT,
  type: oneOf('HTTP', 'HTTPS', 'PING', 'SCTP', 'TCP', 'TLS-HELLO', 'UDP-CONNECT'),
};
export const HEALTH_MONITOR_POST = { ...HEALTH_MONITOR_NESTED, ...PROJECT, pool_id: uuid };
export const HEALTH_MONITOR_MANDATORY = ['type', 'delay', 'timeout', 'max_retries'] as const;

const SESSION_PERSISTENCE = object({
  type: oneOf('SOURCE_IP', 'HTTP_COOKIE', 'APP_COOKIE'),
  cookie_name: text({ maximum: 255, pattern: /^[^\s,;\\]+$/ }),
  persistence_timeout: integer(),
  persistence_granularity: ipAddress,
});
const TLS = {
  tls_ciphers: text({ maximum: 2048 }),
  tls_versions: list(text({ maximum: 32 })),
  alpn_protocols: list(ALPN_PROTOCOL),
};
export const POOL_PUT = {
  ...DESCRIBED,
  ...TLS,
  lb_algorithm: oneOf('ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP', 'SOURCE_IP_PORT'),
  session_persistence: SESSION_PERSISTENCE,
  tls_container_ref: REFERENCE,
  ca_tls_container_ref: REFERENCE,
  crl_container_ref: REFERENCE,
  tls_enabled: flag,
};
export const POOL_NESTED = {
  ...POOL_PUT,
  protocol: oneOf(...POOL_PROTOCOLS),
  healthmonitor: object(HEALTH_MONITOR_NESTED, HEALTH_MONITOR_MANDATORY),
  members: list(object(MEMBER_POST, MEMBER_MANDATORY)),
};
export const POOL_POST = { ...POOL_NESTED, ...PROJECT, loadbalancer_id: uuid, listener_id: uuid };

export const POLICY_PUT = {
  ...DESCRIBED,
  action: oneOf('REJECT', 'REDIRECT_TO_POOL', 'REDIRECT_TO_URL', 'REDIRECT_PREFIX'),
  redirect_pool_id: uuid,
  redirect_url: absoluteUrl,
  redirect_prefix: absoluteUrl,
  redirect_http_code: oneOf(301, 302, 303, 307, 308),
  position: integer({ minimum: 1, maximum: 2147483647 }),
};
const RULES = list(object(RULE_PUT, RULE_MANDATORY));
export const POLICY_POST = { ...POLICY_PUT, ...PROJECT, listener_id: uuid, rules: RULES };
export const POLICY_NESTED = { ...POLICY_PUT, rules: RULES, redirect_pool: object(POOL_NESTED) };

export const LISTENER_PUT = {
  ...DESCRIBED,
  ...TLS,
  connection_limit: integer({ minimum: -1 }),
  default_tls_container_ref: REFERENCE,
  sni_container_refs: list(REFERENCE),
  default_pool_id: uuid,
  insert_headers: dictionary(text({ maximum: 255 })),
  timeout_client_data: TIMEOUT,
  timeout_member_connect: TIMEOUT,
  timeout_member_data: TIMEOUT,
  timeout_tcp_inspect: TIMEOUT,
  client_ca_tls_container_ref: REFERENCE,
  client_authentication: oneOf('NONE', 'OPTIONAL', 'MANDATORY'),
  client_crl_container_ref: REFERENCE,
  allowed_cidrs: list(cidr),
  hsts_max_age: integer({ minimum: 0 }),
  hsts_include_subdomains: flag,
  hsts_preload: flag,
};
export const LISTENER_NESTED = {
  ...LISTENER_PUT,
  protocol: oneOf(...LISTENER_PROTOCOLS),
  protocol_port: PORT,
  default_pool: object(POOL_NESTED),
  l7policies: list(object(POLICY_NESTED, ['action'])),
};
export const LISTENER_POST = { ...LISTENER_NESTED, ...PROJECT, loadbalancer_id: uuid };

export const LOAD_BALANCER_PUT = { ...DESCRIBED, vip_qos_policy_id: uuid, vip_sg_ids: list(uuid) };
export const LOAD_BALANCER_POST = {
  ...LOAD_BALANCER_PUT,
  ...PROJECT,
  vip_address: ipAddress,
  vip_port_id: uuid,
  vip_subnet_id: uuid,
  vip_network_id: uuid,
  provider: text({ maximum: 64 }),
  flavor_id: uuid,
  availability_zone: text({ maximum: 255 }),
  listeners: list(object(LISTENER_NESTED, ['protocol', 'protocol_port'])),
  pools: list(object(POOL_NESTED)),
};
