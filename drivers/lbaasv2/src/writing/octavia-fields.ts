import type {
  HealthMonitorInTree,
  ListenerInTree,
  ListenerUpdate,
  LoadBalancerCreate,
  MemberFields,
  PoolInTree,
  PoolUpdate,
} from '@kuryr-l7/openstack';
import {
  type HealthMonitor,
  type Listener,
  type ListenerSettings,
  type LoadBalancer,
  type Member,
  type Pool,
  poolKey,
} from '@kuryr-l7/service-load-balancer';
import type { ServiceOwnership } from '../service-ownership.js';

/** Settings of a listener that are left to Octavia unless they are given, and what Octavia calls them. */
export const OPTIONAL_SETTINGS = {
  timeoutClientData: 'timeout_client_data',
  timeoutMemberConnect: 'timeout_member_connect',
  timeoutMemberData: 'timeout_member_data',
  timeoutTcpInspect: 'timeout_tcp_inspect',
} as const;

export type OptionalSetting = keyof typeof OPTIONAL_SETTINGS;

const OPTIONAL_NAMES = Object.keys(OPTIONAL_SETTINGS) as readonly OptionalSetting[];

/** Kuryr's `<load balancer>:<protocol>:<port>`, cut at Octavia's limit. */
export function childName({ name }: Pick<LoadBalancer, 'name'>, key: string): string {
  return `${name}:${key}`.slice(0, 255);
}

/** The one request that makes all of a load balancer. */
export function loadBalancerFields(
  wanted: LoadBalancer,
  ownership: ServiceOwnership,
  projectId: string,
  securityGroups: readonly string[] = [],
): LoadBalancerCreate {
  const { vip, placement, service, name, description } = wanted;
  const address = vip.address ?? vip.preferredAddress;
  return {
    name,
    description,
    tags: ownership.loadBalancerTags(service),
    project_id: projectId,
    ...vipPlace(wanted),
    ...(address !== undefined && vip.portId === undefined && { vip_address: address }),
    ...(securityGroups.length > 0 && { vip_sg_ids: securityGroups }),
    ...(placement.provider !== undefined && { provider: placement.provider }),
    ...(placement.flavorId !== undefined && { flavor_id: placement.flavorId }),
    ...(placement.availabilityZone !== undefined && { availability_zone: placement.availabilityZone }),
    listeners: wanted.listeners.map((listener) => listenerInTree(wanted, listener, ownership)),
    pools: wanted.listeners.map((listener) => poolInTree(wanted, listener, ownership)),
  };
}

function vipPlace({ vip }: LoadBalancer): Pick<LoadBalancerCreate, 'vip_port_id' | 'vip_network_id' | 'vip_subnet_id'> {
  if (vip.portId !== undefined) return { vip_port_id: vip.portId };
  return {
    ...(vip.networkId !== undefined && { vip_network_id: vip.networkId }),
    ...(vip.subnetId !== undefined && { vip_subnet_id: vip.subnetId }),
  };
}

function listenerInTree(wanted: LoadBalancer, listener: Listener, ownership: ServiceOwnership): ListenerInTree {
  return {
    ...listenerIdentity(wanted, listener),
    ...listenerFields(listener, ownership, 'create'),
    default_pool: { name: childName(wanted, poolKey(listener)) },
  };
}

export function listenerIdentity(wanted: Pick<LoadBalancer, 'name'>, { key, protocol, port }: Listener) {
  return { name: childName(wanted, key), protocol, protocol_port: port };
}

/** @param purpose of an update, a setting that is not given goes back to Octavia's default */
export function listenerFields(
  { key, settings }: Listener,
  ownership: ServiceOwnership,
  purpose: 'create' | 'update',
): ListenerUpdate {
  const { allowedCidrs, connectionLimit, insertHeaders, defaultTlsContainerRef } = settings;
  return {
    tags: ownership.childTags(key, givenSettings(settings)),
    connection_limit: connectionLimit,
    insert_headers: Object.fromEntries(insertHeaders.map((name) => [name, 'true'])),
    ...(purpose === 'update' || allowedCidrs.length > 0
      ? { allowed_cidrs: allowedCidrs.length === 0 ? null : allowedCidrs }
      : {}),
    ...optionalFields(settings, purpose),
    ...(defaultTlsContainerRef !== undefined && { default_tls_container_ref: defaultTlsContainerRef }),
  };
}

function givenSettings(settings: ListenerSettings): readonly OptionalSetting[] {
  return OPTIONAL_NAMES.filter((name) => settings[name] !== undefined);
}

function optionalFields(settings: ListenerSettings, purpose: 'create' | 'update'): ListenerUpdate {
  return Object.fromEntries(
    OPTIONAL_NAMES.flatMap((name) => {
      const value = settings[name];
      if (value === undefined && purpose === 'create') return [];
      return [[OPTIONAL_SETTINGS[name], value ?? null]];
    }),
  );
}

function poolInTree(wanted: LoadBalancer, listener: Listener, ownership: ServiceOwnership): PoolInTree {
  const { pool } = listener;
  const key = poolKey(listener);
  return {
    ...poolIdentity(wanted, key, pool),
    ...poolFields(key, pool, ownership, 'create'),
    lb_algorithm: pool.lbAlgorithm,
    members: pool.members.map((member) => memberFields(member, ownership)),
    ...(pool.healthMonitor !== undefined && {
      healthmonitor: { ...monitorFields(pool.healthMonitor, ownership), name: childName(wanted, key) },
    }),
  };
}

export function poolIdentity(wanted: Pick<LoadBalancer, 'name'>, key: string, { protocol, lbAlgorithm }: Pool) {
  return { name: childName(wanted, key), protocol, lb_algorithm: lbAlgorithm };
}

/** @param purpose an update takes away what is not wanted */
export function poolFields(
  key: string,
  { lbAlgorithm, sessionPersistence }: Pool,
  ownership: ServiceOwnership,
  purpose: 'create' | 'update',
): PoolUpdate {
  const fields = { tags: ownership.childTags(key), lb_algorithm: lbAlgorithm };
  if (sessionPersistence === undefined) return purpose === 'create' ? fields : { ...fields, session_persistence: null };
  const { type, timeout } = sessionPersistence;
  return {
    ...fields,
    session_persistence: { type, ...(timeout !== undefined && { persistence_timeout: timeout }) },
  };
}

export function memberFields(
  { address, port, subnetId, monitorPort }: Member,
  ownership: ServiceOwnership,
): MemberFields {
  return {
    address,
    protocol_port: port,
    tags: [ownership.clusterTag],
    ...(subnetId !== undefined && { subnet_id: subnetId }),
    ...(monitorPort !== undefined && { monitor_port: monitorPort }),
  };
}

export function monitorFields(monitor: HealthMonitor, ownership: ServiceOwnership): HealthMonitorInTree {
  const { type, delay, timeout, maxRetries, maxRetriesDown, urlPath } = monitor;
  return {
    type,
    delay,
    timeout,
    max_retries: maxRetries,
    max_retries_down: maxRetriesDown,
    tags: [ownership.clusterTag],
    ...(urlPath !== undefined && { http_method: 'GET', url_path: urlPath, expected_codes: '200' }),
  };
}
