import {
  CLUSTER_ID,
  EXTERNAL_SVC_NET,
  L7_ROUTER_UUID,
  LB_ALGORITHM,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
} from '@kuryr-l7/config';
import { type Configuration, ConfigurationError } from '@kuryr-l7/plugin';
import type { HealthMonitor } from '@kuryr-l7/router';
import * as options from './options.js';
import { checkSettings } from './poison/settings-facts.js';
import type { ListenerSettings, OctaviaSettings, PoolSettings } from './settings.js';

/** @throws ConfigurationError naming the option that is missing or wrong */
export function configuredSettings(configuration: Configuration): OctaviaSettings {
  const loadBalancerId = configuration.get(L7_ROUTER_UUID);
  if (loadBalancerId === undefined) {
    throw new ConfigurationError(
      '[ingress] l7_router_uuid is not set: name the load balancer that is the L7 router ("openstack loadbalancer list"), or make one with "kuryr-l7 router create"',
    );
  }
  const notFoundPool = configuration.get(options.NOT_FOUND_POOL);
  const floatingNetwork = floatingNetworkOf(configuration);
  const settings: OctaviaSettings = {
    loadBalancerId,
    clusterId: configuration.get(CLUSTER_ID),
    httpPort: configuration.get(options.HTTP_PORT),
    httpsPort: configuration.get(options.HTTPS_PORT),
    ...(notFoundPool !== undefined && { notFoundPool }),
    ...(floatingNetwork !== undefined && { floatingNetwork }),
    pendingTimeout: configuration.get(options.PENDING_TIMEOUT) * 1_000,
    listener: listenerSettings(configuration),
    pool: poolSettings(configuration),
  };
  checkSettings(settings);
  return settings;
}

function floatingNetworkOf(configuration: Configuration): string | undefined {
  if (!configuration.get(options.ENSURE_FLOATING_IP)) return undefined;
  const network = configuration.get(EXTERNAL_SVC_NET);
  if (network !== undefined) return network;
  throw new ConfigurationError(
    '[ingress] ensure_floating_ip needs [neutron_defaults] external_svc_net, the network that floating IPs are taken from',
  );
}

function listenerSettings(configuration: Configuration): ListenerSettings {
  const milliseconds = <K extends string>(name: K, value: number) => (value === 0 ? {} : { [name]: value });
  const tlsCiphers = configuration.get(options.TLS_CIPHERS);
  const hstsMaxAge = configuration.get(options.HSTS_MAX_AGE);
  return {
    ...milliseconds('timeoutClientData', configuration.get(TIMEOUT_CLIENT_DATA)),
    ...milliseconds('timeoutMemberConnect', configuration.get(options.TIMEOUT_MEMBER_CONNECT)),
    ...milliseconds('timeoutMemberData', configuration.get(TIMEOUT_MEMBER_DATA)),
    insertHeaders: configuration.get(options.INSERT_HEADERS),
    allowedCidrs: configuration.get(options.ALLOWED_CIDRS),
    connectionLimit: configuration.get(options.CONNECTION_LIMIT),
    tlsVersions: configuration.get(options.TLS_VERSIONS),
    ...(tlsCiphers !== undefined && { tlsCiphers }),
    alpnProtocols: configuration.get(options.ALPN_PROTOCOLS),
    ...(hstsMaxAge > 0 && { hstsMaxAge }),
    hstsIncludeSubdomains: configuration.get(options.HSTS_INCLUDE_SUBDOMAINS),
    hstsPreload: configuration.get(options.HSTS_PRELOAD),
  };
}

function poolSettings(configuration: Configuration): PoolSettings {
  const caRef = configuration.get(options.POOL_CA_TLS_CONTAINER_REF);
  const ciphers = configuration.get(options.POOL_TLS_CIPHERS);
  const persistence = configuration.get(options.SESSION_PERSISTENCE);
  const algorithm = configuration.get(LB_ALGORITHM);
  const monitorType = configuration.get(options.HEALTH_MONITOR);
  const cookieName = configuration.get(options.SESSION_COOKIE_NAME);
  return {
    protocol: configuration.get(options.POOL_PROTOCOL),
    // SOURCE_IP_PORT is all that the ovn provider has, and nothing that amphorae have.
    ...(algorithm !== 'SOURCE_IP_PORT' && { lbAlgorithm: algorithm }),
    ...(monitorType !== 'NONE' && { healthMonitor: healthMonitor(configuration, monitorType) }),
    ...(persistence !== 'NONE' && {
      sessionPersistence: { type: persistence, ...(cookieName !== undefined && { cookieName }) },
    }),
    ...(configuration.get(options.POOL_TLS) && {
      tls: {
        ...(caRef !== undefined && { caRef }),
        ...(ciphers !== undefined && { ciphers }),
        versions: configuration.get(options.POOL_TLS_VERSIONS),
        alpnProtocols: configuration.get(options.POOL_ALPN_PROTOCOLS),
      },
    }),
  };
}

function healthMonitor(configuration: Configuration, type: HealthMonitor['type']): HealthMonitor {
  const urlPath = configuration.get(options.HEALTH_MONITOR_URL_PATH);
  const expectedCodes = configuration.get(options.HEALTH_MONITOR_EXPECTED_CODES);
  return {
    type,
    delay: configuration.get(options.HEALTH_MONITOR_DELAY),
    timeout: configuration.get(options.HEALTH_MONITOR_TIMEOUT),
    maxRetries: configuration.get(options.HEALTH_MONITOR_MAX_RETRIES),
    maxRetriesDown: configuration.get(options.HEALTH_MONITOR_MAX_RETRIES_DOWN),
    ...(type === 'HTTP' && urlPath !== undefined && { urlPath }),
    ...(type === 'HTTP' && expectedCodes !== undefined && { expectedCodes }),
  };
}
