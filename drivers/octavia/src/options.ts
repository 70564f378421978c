import {
  boolean,
  EXTERNAL_SVC_NET,
  filePath,
  integer,
  LB_ALGORITHM,
  list,
  oneOf,
  optional,
  port,
  string,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
} from '@kuryr-l7/config';
import { OPENSTACK_OPTIONS } from '@kuryr-l7/openstack';
import type { Option } from '@kuryr-l7/plugin';
import { DEFAULT_LISTENER_SETTINGS, DEFAULT_OCTAVIA_SETTINGS } from './settings.js';

const group = 'octavia';

function text(name: string, help: string): Option<string | undefined> {
  return { group, name, type: optional(string()), default: undefined, help };
}

function texts(name: string, help: string, fallback: readonly string[] = []): Option<readonly string[]> {
  return { group, name, type: list(), default: fallback, help };
}

function flag(name: string, help: string): Option<boolean> {
  return { group, name, type: boolean(), default: false, help };
}

function count(name: string, fallback: number, maximum: number, help: string): Option<number> {
  return { group, name, type: integer({ minimum: 1, maximum }), default: fallback, help };
}

export const ENSURE_FLOATING_IP: Option<boolean> = {
  group: 'ingress',
  name: 'ensure_floating_ip',
  type: boolean(),
  default: false,
  help:
    'Give the VIP of the L7 router a floating IP from external_svc_net in [neutron_defaults] if it has none. Off by ' +
    'default: addresses are few.',
};

export const TIMEOUT_MEMBER_CONNECT: Option<number> = {
  group,
  name: 'timeout_member_connect',
  type: integer({ minimum: 0, maximum: 86_400_000 }),
  default: 0,
  help: 'Milliseconds to connect to a member; 0 leaves it to Octavia (5000).',
};

export const HTTP_PORT: Option<number> = {
  group,
  name: 'http_port',
  type: port({ minimum: 1 }),
  default: DEFAULT_OCTAVIA_SETTINGS.httpPort,
  help: 'Port of the HTTP listener, which is made if nothing listens there.',
};

export const HTTPS_PORT: Option<number> = {
  group,
  name: 'https_port',
  type: port({ minimum: 1 }),
  default: DEFAULT_OCTAVIA_SETTINGS.httpsPort,
  help: 'Port of the TERMINATED_HTTPS listener: one that is there is used, and one is made when there are certificates.',
};

export const NOT_FOUND_POOL = text(
  'not_found_pool',
  'Name or UUID of a pool of the load balancer, made beforehand, whose members answer 404: requests that no Ingress is for ' +
    'go there. Without it they get 503.',
);

export const PENDING_TIMEOUT: Option<number> = {
  group,
  name: 'pending_timeout',
  type: integer({ minimum: 1 }),
  default: DEFAULT_OCTAVIA_SETTINGS.pendingTimeout / 1_000,
  help:
    'Seconds that the load balancer may be PENDING, through our changes or those of others, before that is reported as an ' +
    'outage; it is waited for all the same. The default is four times what the slowest change was measured to take.',
};

export const TLS_CERTIFICATE_FILE: Option<string | undefined> = {
  group,
  name: 'tls_certificate_file',
  type: optional(filePath()),
  default: undefined,
  help: 'PEM file with the certificate of the TERMINATED_HTTPS listener and its chain, stored in Barbican. Goes with tls_key_file.',
};

export const TLS_KEY_FILE: Option<string | undefined> = {
  group,
  name: 'tls_key_file',
  type: optional(filePath()),
  default: undefined,
  help: 'PEM file with the private key of tls_certificate_file.',
};

export const INSERT_HEADERS = texts(
  'insert_headers',
  'Header fields that our listeners add for members; the default is what proxies usually tell.',
  DEFAULT_LISTENER_SETTINGS.insertHeaders,
);

export const ALLOWED_CIDRS = texts(
  'allowed_cidrs',
  'Networks whose clients may use our listeners. Empty by default: everybody.',
);

export const CONNECTION_LIMIT: Option<number> = {
  group,
  name: 'connection_limit',
  type: integer({ minimum: -1 }),
  default: DEFAULT_LISTENER_SETTINGS.connectionLimit,
  help: 'Most connections of a listener of ours; -1, the default, is no limit.',
};

export const TLS_VERSIONS = texts(
  'tls_versions',
  "TLS versions of the TERMINATED_HTTPS listener, e.g. TLSv1.2,TLSv1.3. Empty by default: the cloud's.",
);
export const TLS_CIPHERS = text(
  'tls_ciphers',
  "Ciphers of the TERMINATED_HTTPS listener in OpenSSL's format. Not set by default: the cloud's.",
);
export const ALPN_PROTOCOLS = texts(
  'alpn_protocols',
  "Protocols that the TERMINATED_HTTPS listener offers, e.g. h2,http/1.1. Empty by default: the cloud's.",
);
export const HSTS_MAX_AGE: Option<number> = {
  group,
  name: 'hsts_max_age',
  type: integer({ minimum: 0 }),
  default: 0,
  help: 'Seconds that browsers shall use HTTPS only (Strict-Transport-Security); 0, the default, says nothing.',
};
export const HSTS_INCLUDE_SUBDOMAINS = flag(
  'hsts_include_subdomains',
  'That holds for subdomains too. Off by default.',
);
export const HSTS_PRELOAD = flag('hsts_preload', 'Browsers may put the hosts on their lists. Off by default.');

export const POOL_PROTOCOL: Option<'HTTP' | 'PROXY' | 'PROXYV2'> = {
  group,
  name: 'pool_protocol',
  type: oneOf(['HTTP', 'PROXY', 'PROXYV2']),
  default: 'HTTP',
  help:
    'How members are spoken to: PROXY and PROXYV2 tell them the address of the client in the PROXY protocol, which they ' +
    'have to understand. When it is changed, pools are made anew and policies switched to them.',
};
export const POOL_TLS = flag('pool_tls', 'Speak TLS to members. Off by default.');
export const POOL_CA_TLS_CONTAINER_REF = text(
  'pool_ca_tls_container_ref',
  "Barbican's reference to the CA of the certificates of members. Not set by default: they are not checked.",
);
export const POOL_TLS_CIPHERS = text(
  'pool_tls_ciphers',
  "Ciphers towards members in OpenSSL's format. Not set by default: the cloud's.",
);
export const POOL_TLS_VERSIONS = texts(
  'pool_tls_versions',
  "TLS versions towards members. Empty by default: the cloud's.",
);
export const POOL_ALPN_PROTOCOLS = texts(
  'pool_alpn_protocols',
  "Protocols offered to members. Empty by default: the cloud's.",
);

export const SESSION_PERSISTENCE: Option<'NONE' | 'SOURCE_IP' | 'HTTP_COOKIE' | 'APP_COOKIE'> = {
  group,
  name: 'session_persistence',
  type: oneOf(['NONE', 'SOURCE_IP', 'HTTP_COOKIE', 'APP_COOKIE']),
  default: 'NONE',
  help: 'How a client stays with one member. NONE by default.',
};
export const SESSION_COOKIE_NAME = text('session_cookie_name', 'Cookie of the application, for APP_COOKIE.');

export const HEALTH_MONITOR: Option<'NONE' | 'HTTP' | 'TCP'> = {
  group,
  name: 'health_monitor',
  type: oneOf(['NONE', 'HTTP', 'TCP']),
  default: 'NONE',
  help:
    'How Octavia checks the members of our pools. NONE by default: Kubernetes looks after its endpoints. Each pool takes ' +
    'one more write.',
};
export const HEALTH_MONITOR_DELAY = count('health_monitor_delay', 5, 3_600, 'Seconds between two checks of a member.');
export const HEALTH_MONITOR_TIMEOUT = count(
  'health_monitor_timeout',
  3,
  3_600,
  'Seconds that a check may take, at most the delay.',
);
export const HEALTH_MONITOR_MAX_RETRIES = count(
  'health_monitor_max_retries',
  1,
  10,
  'Good checks in a row until a member is used again.',
);
export const HEALTH_MONITOR_MAX_RETRIES_DOWN = count(
  'health_monitor_max_retries_down',
  3,
  10,
  'Bad checks in a row until a member is used no more.',
);
export const HEALTH_MONITOR_URL_PATH = text(
  'health_monitor_url_path',
  "Path of an HTTP check. Not set by default: '/'.",
);
export const HEALTH_MONITOR_EXPECTED_CODES = text(
  'health_monitor_expected_codes',
  'Status of a good HTTP check, e.g. 200,202 or 200-204. Not set by default: 200.',
);

/** The options of the driver, with those that reach the cloud. */
export const OCTAVIA_OPTIONS: readonly Option[] = [
  ...OPENSTACK_OPTIONS,
  ENSURE_FLOATING_IP,
  EXTERNAL_SVC_NET,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
  TIMEOUT_MEMBER_CONNECT,
  LB_ALGORITHM,
  HTTP_PORT,
  HTTPS_PORT,
  NOT_FOUND_POOL,
  PENDING_TIMEOUT,
  TLS_CERTIFICATE_FILE,
  TLS_KEY_FILE,
  INSERT_HEADERS,
  ALLOWED_CIDRS,
  CONNECTION_LIMIT,
  TLS_VERSIONS,
  TLS_CIPHERS,
  ALPN_PROTOCOLS,
  HSTS_MAX_AGE,
  HSTS_INCLUDE_SUBDOMAINS,
  HSTS_PRELOAD,
  POOL_PROTOCOL,
  POOL_TLS,
  POOL_CA_TLS_CONTAINER_REF,
  POOL_TLS_CIPHERS,
  POOL_TLS_VERSIONS,
  POOL_ALPN_PROTOCOLS,
  SESSION_PERSISTENCE,
  SESSION_COOKIE_NAME,
  HEALTH_MONITOR,
  HEALTH_MONITOR_DELAY,
  HEALTH_MONITOR_TIMEOUT,
  HEALTH_MONITOR_MAX_RETRIES,
  HEALTH_MONITOR_MAX_RETRIES_DOWN,
  HEALTH_MONITOR_URL_PATH,
  HEALTH_MONITOR_EXPECTED_CODES,
];
