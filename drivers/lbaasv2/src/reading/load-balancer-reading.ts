import type { CallOptions, Cloud, HealthMonitor, Listener, LoadBalancer, Member, Pool } from '@kuryr-l7/openstack';
import type {
  ListenerSettings,
  ObservedHealthMonitor,
  ObservedListener,
  ObservedLoadBalancer,
  ObservedMember,
  ObservedPool,
} from '@kuryr-l7/service-load-balancer';
import type { ServiceOwnership } from '../service-ownership.js';
import { OPTIONAL_SETTINGS, type OptionalSetting } from '../writing/octavia-fields.js';

/** A load balancer and all that is below it, as Octavia tells it. */
export interface LoadBalancerReading {
  readonly loadBalancer: LoadBalancer;
  readonly listeners: readonly Listener[];
  readonly pools: readonly PoolReading[];
}

export interface PoolReading {
  readonly pool: Pool;
  readonly members: readonly Member[];
  readonly monitor: HealthMonitor | undefined;
}

export async function readLoadBalancer(
  { octavia }: Cloud,
  loadBalancer: LoadBalancer,
  options: CallOptions,
): Promise<LoadBalancerReading> {
  const here = { loadbalancer_id: loadBalancer.id };
  const [listeners, pools] = await Promise.all([
    octavia.listeners.list(here, options),
    octavia.pools.list(here, options),
  ]);
  const readings = pools.map(async (pool) => {
    const [members, monitor] = await Promise.all([
      pool.members.length === 0 ? [] : octavia.members.list(pool.id, {}, options),
      pool.healthmonitor_id === null ? undefined : octavia.healthMonitors.get(pool.healthmonitor_id, options),
    ]);
    return { pool, members, monitor };
  });
  return { loadBalancer, listeners, pools: await Promise.all(readings) };
}

/** The reading in the words of the planner. */
export function observed(reading: LoadBalancerReading, ownership: ServiceOwnership): ObservedLoadBalancer {
  const { loadBalancer, listeners, pools } = reading;
  return {
    id: loadBalancer.id,
    failed: loadBalancer.provisioning_status === 'ERROR',
    vipAddress: loadBalancer.vip_address,
    listeners: listeners.map((listener) => observedListener(listener, ownership)),
    pools: pools.map((pool) => observedPool(pool, ownership)),
  };
}

function observedListener(listener: Listener, ownership: ServiceOwnership): ObservedListener {
  return {
    id: listener.id,
    key: ownership.keyOf(listener),
    protocol: listener.protocol,
    port: listener.protocol_port,
    settings: listenerSettings(listener, ownership),
    poolId: listener.default_pool_id ?? undefined,
    failed: listener.provisioning_status === 'ERROR',
  };
}

function listenerSettings(listener: Listener, ownership: ServiceOwnership): ListenerSettings {
  const optional = Object.entries(OPTIONAL_SETTINGS).flatMap(([name, field]): readonly [OptionalSetting, number][] => {
    const value = listener[field];
    return value !== null && ownership.wasSet(listener, name) ? [[name as OptionalSetting, value]] : [];
  });
  return {
    allowedCidrs: [...listener.allowed_cidrs].sort(),
    connectionLimit: listener.connection_limit ?? -1,
    insertHeaders: Object.entries(listener.insert_headers)
      .filter(([, value]) => value === 'true')
      .map(([name]) => name)
      .sort(),
    ...Object.fromEntries(optional),
    ...(listener.default_tls_container_ref !== null && { defaultTlsContainerRef: listener.default_tls_container_ref }),
  };
}

function observedPool({ pool, members, monitor }: PoolReading, ownership: ServiceOwnership): ObservedPool {
  const { session_persistence: persistence } = pool;
  return {
    id: pool.id,
    key: ownership.keyOf(pool),
    protocol: pool.protocol,
    lbAlgorithm: pool.lb_algorithm,
    ...(persistence !== null && {
      sessionPersistence: {
        type: persistence.type,
        ...(persistence.persistence_timeout !== null && { timeout: persistence.persistence_timeout }),
      },
    }),
    members: members.map(observedMember),
    ...(monitor !== undefined && { healthMonitor: observedMonitor(monitor, ownership) }),
    failed: pool.provisioning_status === 'ERROR',
  };
}

function observedMember(member: Member): ObservedMember {
  return {
    address: member.address,
    port: member.protocol_port,
    ...(member.subnet_id !== null && { subnetId: member.subnet_id }),
    ...(member.monitor_port !== null && { monitorPort: member.monitor_port }),
    failed: member.provisioning_status === 'ERROR',
  };
}

function observedMonitor(monitor: HealthMonitor, ownership: ServiceOwnership): ObservedHealthMonitor {
  return {
    id: monitor.id,
    type: monitor.type,
    delay: monitor.delay,
    timeout: monitor.timeout,
    maxRetries: monitor.max_retries,
    maxRetriesDown: monitor.max_retries_down,
    // Octavia fills it in for HTTP, where ours always has one.
    ...(monitor.type === 'HTTP' && monitor.url_path !== null && { urlPath: monitor.url_path }),
    foreign: !ownership.isOurs(monitor),
    failed: monitor.provisioning_status === 'ERROR',
  };
}

/** Names of what is not ACTIVE below an ACTIVE load balancer, with their states. */
export function unsettled({ listeners, pools }: LoadBalancerReading, ownership: ServiceOwnership): readonly string[] {
  const objects = [
    ...listeners.map((listener) => ({ kind: 'listener', object: listener })),
    ...pools.flatMap(({ pool, members, monitor }) => [
      { kind: 'pool', object: pool },
      ...members.map((member) => ({
        kind: 'member',
        object: { ...member, name: `${member.address} port ${member.protocol_port}` },
      })),
      ...(monitor === undefined ? [] : [{ kind: 'health monitor', object: monitor }]),
    ]),
  ];
  return objects
    .filter(({ object }) => ownership.isOurs(object) && object.provisioning_status !== 'ACTIVE')
    .map(({ kind, object }) => `${kind} ${object.name || object.id} (${object.provisioning_status})`);
}
