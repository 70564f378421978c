import type { Child, LoadBalancer, Member } from './objects.js';
import type { OctaviaState } from './octavia-state.js';

/** Gives every object of a load balancer the operating status that health reports give it; checks always succeed. */
export function refreshOperatingStatuses(state: OctaviaState, loadBalancer: LoadBalancer): void {
  const monitored = new Set([...state.healthMonitors.values()].map(({ pool_id }) => pool_id));
  loadBalancer.operating_status = loadBalancer.admin_state_up ? 'ONLINE' : 'OFFLINE';
  for (const child of state.childrenOf(loadBalancer)) {
    if (child.provisioning_status === 'ACTIVE') child.operating_status = operatingStatus(child, monitored);
  }
}

function operatingStatus(child: Child, monitored: ReadonlySet<string>): string {
  if (!child.admin_state_up) return 'OFFLINE';
  return child.kind === 'member' ? memberStatus(child, monitored) : 'ONLINE';
}

function memberStatus({ pool_id, weight }: Member, monitored: ReadonlySet<string>): string {
  if (!monitored.has(pool_id)) return 'NO_MONITOR';
  return weight === 0 ? 'DRAINING' : 'ONLINE';
}
