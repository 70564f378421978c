import type { ListenerUpdate, PoolUpdate } from '@kuryr-l7/openstack';
import type { HealthMonitor, LbAlgorithm, ListenerProtocol } from '@kuryr-l7/router';

/** What every listener of ours is given. What is left out is left to Octavia. */
export interface ListenerSettings {
  /** Milliseconds, as are the other two. */
  readonly timeoutClientData?: number;
  readonly timeoutMemberConnect?: number;
  readonly timeoutMemberData?: number;
  /** Names of fields that members get: X-Forwarded-For, X-Forwarded-Port, X-Forwarded-Proto. */
  readonly insertHeaders: readonly string[];
  /** Empty: everybody. */
  readonly allowedCidrs: readonly string[];
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** The rest is for TERMINATED_HTTPS; empty is left to Octavia. */
  readonly tlsVersions: readonly string[];
  readonly tlsCiphers?: string;
  readonly alpnProtocols: readonly string[];
  /** Seconds. */
  readonly hstsMaxAge?: number;
  readonly hstsIncludeSubdomains: boolean;
  readonly hstsPreload: boolean;
}

/** What every pool of ours is given. */
export interface PoolSettings {
  /** PROXY and PROXYV2 tell members the client's address in the PROXY protocol. */
  readonly protocol: 'HTTP' | 'PROXY' | 'PROXYV2';
  /** Absent: ROUND_ROBIN. A Service with `sessionAffinity: ClientIP` has SOURCE_IP all the same. */
  readonly lbAlgorithm?: LbAlgorithm;
  /** Absent: none. */
  readonly healthMonitor?: HealthMonitor;
  /** Absent: none. */
  readonly sessionPersistence?: {
    readonly type: 'SOURCE_IP' | 'HTTP_COOKIE' | 'APP_COOKIE';
    /** For APP_COOKIE. */
    readonly cookieName?: string;
  };
  /** Absent: members are spoken to without TLS. */
  readonly tls?: {
    /** Barbican's reference to the CA of the members; without, no certificate is checked. */
    readonly caRef?: string;
    readonly ciphers?: string;
    readonly versions: readonly string[];
    readonly alpnProtocols: readonly string[];
  };
}

/** All that the driver is told. */
export interface OctaviaSettings {
  readonly loadBalancerId: string;
  readonly clusterId: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Name or UUID of a pool on the load balancer that answers 404. */
  readonly notFoundPool?: string;
  /** Network to take a floating IP from where the VIP has none; absent: none is taken. */
  readonly floatingNetwork?: string;
  /** Milliseconds that the load balancer may be PENDING. */
  readonly pendingTimeout: number;
  readonly listener: ListenerSettings;
  readonly pool: PoolSettings;
}

export const DEFAULT_LISTENER_SETTINGS: ListenerSettings = {
  insertHeaders: ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'],
  allowedCidrs: [],
  connectionLimit: -1,
  tlsVersions: [],
  alpnProtocols: [],
  hstsIncludeSubdomains: false,
  hstsPreload: false,
};

export const DEFAULT_POOL_SETTINGS: PoolSettings = { protocol: 'HTTP' };

/** What a kuryr.conf says that names the load balancer and the cluster alone. */
export const DEFAULT_OCTAVIA_SETTINGS: Omit<OctaviaSettings, 'loadBalancerId' | 'clusterId'> = {
  httpPort: 80,
  httpsPort: 443,
  pendingTimeout: 120_000,
  listener: DEFAULT_LISTENER_SETTINGS,
  pool: DEFAULT_POOL_SETTINGS,
};

export function listenerFields(settings: ListenerSettings, protocol: ListenerProtocol): ListenerUpdate {
  const { timeoutClientData, timeoutMemberConnect, timeoutMemberData } = settings;
  return {
    ...(timeoutClientData !== undefined && { timeout_client_data: timeoutClientData }),
    ...(timeoutMemberConnect !== undefined && { timeout_member_connect: timeoutMemberConnect }),
    ...(timeoutMemberData !== undefined && { timeout_member_data: timeoutMemberData }),
    insert_headers: Object.fromEntries(settings.insertHeaders.map((name) => [name, 'true'])),
    allowed_cidrs: settings.allowedCidrs.length === 0 ? null : settings.allowedCidrs,
    connection_limit: settings.connectionLimit,
    ...(protocol === 'TERMINATED_HTTPS' && tlsFields(settings)),
  };
}

function tlsFields({ tlsVersions, tlsCiphers, alpnProtocols, ...hsts }: ListenerSettings): ListenerUpdate {
  return {
    ...(tlsVersions.length > 0 && { tls_versions: tlsVersions }),
    ...(tlsCiphers !== undefined && { tls_ciphers: tlsCiphers }),
    ...(alpnProtocols.length > 0 && { alpn_protocols: alpnProtocols }),
    ...(hsts.hstsMaxAge !== undefined && {
      hsts_max_age: hsts.hstsMaxAge,
      hsts_include_subdomains: hsts.hstsIncludeSubdomains,
      hsts_preload: hsts.hstsPreload,
    }),
  };
}

export function poolFields({ sessionPersistence, tls }: PoolSettings): PoolUpdate {
  return {
    ...(sessionPersistence !== undefined && {
      session_persistence: {
        type: sessionPersistence.type,
        ...(sessionPersistence.cookieName !== undefined && { cookie_name: sessionPersistence.cookieName }),
      },
    }),
    ...(tls !== undefined && {
      tls_enabled: true,
      ...(tls.caRef !== undefined && { ca_tls_container_ref: tls.caRef }),
      ...(tls.ciphers !== undefined && { tls_ciphers: tls.ciphers }),
      ...(tls.versions.length > 0 && { tls_versions: tls.versions }),
      ...(tls.alpnProtocols.length > 0 && { alpn_protocols: tls.alpnProtocols }),
    }),
  };
}
