import type { Child, LoadBalancer, Member } from './objects.js';
import type { OctaviaState } from './octavia-state.js';

/**
 * Gives every object of a load balancer the operating status that health reports give it: what no listener uses stays
 * OFFLINE, for no HAProxy knows it; checks of members always succeed.
 */
export function refreshOperatingStatuses(state: OctaviaState, loadBalancer: LoadBalancer): void {
  const listeners = state.listenersOf(loadBalancer);
  const used = new Set(listeners.flatMap((listener) => state.poolsUsedBy(listener)).map(({ id }) => id));
  loadBalancer.operating_status = loadBalancer.admin_state_up && listeners.length > 0 ? 'ONLINE' : 'OFFLINE';
  for (const child of state.childrenOf(loadBalancer)) {
    if (child.provisioning_status === 'ACTIVE') child.operating_status = operatingStatus(state, child, used);
  }
}

function operatingStatus(state: OctaviaState, child: Child, used: ReadonlySet<string>): string {
  if (!child.admin_state_up) return 'OFFLINE';
  if (child.kind === 'pool') return used.has(child.id) ? 'ONLINE' : 'OFFLINE';
  if (child.kind === 'member') return memberStatus(state, child, used);
  return 'ONLINE';
}

function memberStatus(state: OctaviaState, { pool_id, weight }: Member, used: ReadonlySet<string>): string {
  if (state.healthMonitorOf({ id: pool_id }) === undefined) return 'NO_MONITOR';
  if (!used.has(pool_id)) return 'OFFLINE';
  return weight === 0 ? 'DRAINING' : 'ONLINE';
}
