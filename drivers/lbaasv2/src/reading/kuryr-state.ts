import type { LBaaSMember, LBaaSState } from '@kuryr-l7/kuryr-objects';
import type { ServiceOwnership } from '../service-ownership.js';
import type { LoadBalancerReading, PoolReading } from './load-balancer-reading.js';

/** What a Service has, in Kuryr's words; without the public address. */
export function kuryrState(
  { loadBalancer, listeners, pools }: LoadBalancerReading,
  ownership: ServiceOwnership,
  securityGroups: readonly string[] = [],
): LBaaSState {
  const { id, project_id, name, vip_address, vip_subnet_id, vip_port_id, provider } = loadBalancer;
  const ours = pools.filter(({ pool }) => ownership.keyOf(pool) !== undefined);
  return {
    loadbalancer: {
      id,
      project_id,
      name,
      ip: vip_address,
      subnet_id: vip_subnet_id ?? '',
      port_id: vip_port_id,
      provider,
      security_groups: securityGroups,
    },
    listeners: listeners
      .filter((listener) => ownership.keyOf(listener) !== undefined)
      .map((listener) => ({
        id: listener.id,
        project_id: listener.project_id,
        name: listener.name,
        loadbalancer_id: id,
        protocol: listener.protocol,
        port: listener.protocol_port,
      }))
      .sort(byId),
    pools: ours
      .map(({ pool }) => ({
        id: pool.id,
        project_id: pool.project_id,
        name: pool.name,
        loadbalancer_id: id,
        listener_id: pool.listeners[0]?.id ?? null,
        protocol: pool.protocol,
      }))
      .sort(byId),
    members: ours.flatMap((pool) => membersOf(pool, vip_subnet_id ?? '')).sort(byId),
    service_pub_ip_info: null,
  };
}

function membersOf({ pool, members }: PoolReading, vipSubnetId: string): readonly LBaaSMember[] {
  return members.map((member) => ({
    id: member.id,
    project_id: member.project_id,
    name: member.name,
    pool_id: pool.id,
    subnet_id: member.subnet_id ?? vipSubnetId,
    ip: member.address,
    port: member.protocol_port,
  }));
}

/** An order of its own, so that the annotation is written only when something differs. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
