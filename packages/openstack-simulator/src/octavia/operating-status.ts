import type { Child, LoadBalancer, Member, Pool } from './objects.js';
import type { OctaviaState } from './octavia-state.js';

/**
 * Gives a load balancer and what a write has to do with the operating status that health reports give them: a pool that
 * no listener uses stays OFFLINE, for no HAProxy knows it; checks of members always succeed.
 */
export function refreshOperatingStatuses(
  state: OctaviaState,
  loadBalancer: LoadBalancer,
  written: readonly (Child | LoadBalancer)[],
): void {
  const serves = loadBalancer.admin_state_up && state.listeners.count(loadBalancer.id) > 0;
  loadBalancer.operating_status = serves ? 'ONLINE' : 'OFFLINE';
  const children = written.filter((object) => object.kind !== 'loadbalancer');
  for (const child of children) {
    if (child.kind !== 'pool' && child.kind !== 'member') set(child, true);
  }
  for (const pool of new Set(children.flatMap((child) => poolsConcerned(state, child)))) refreshPool(state, pool);
}

/** Pools that are used, or whose members are checked, otherwise than before. */
function poolsConcerned(state: OctaviaState, child: Child): Pool[] {
  switch (child.kind) {
    case 'listener':
      return state.poolsUsedBy(child);
    case 'pool':
      return [child];
    case 'member':
    case 'healthmonitor':
      return existing(state.pools.get(child.pool_id));
    case 'l7policy':
      return existing(state.pools.get(child.redirect_pool_id ?? ''));
    case 'l7rule':
      return existing(state.pools.get(state.l7Policies.get(child.l7policy_id)?.redirect_pool_id ?? ''));
  }
}

function existing(pool: Pool | undefined): Pool[] {
  return pool === undefined ? [] : [pool];
}

function refreshPool(state: OctaviaState, pool: Pool): void {
  const used = state.listenersUsing(pool).length > 0;
  const monitored = state.healthMonitorOf(pool) !== undefined;
  set(pool, used);
  for (const member of state.membersOf(pool)) {
    if (member.provisioning_status === 'ACTIVE') member.operating_status = memberStatus(member, used, monitored);
  }
}

function memberStatus({ admin_state_up, weight }: Member, used: boolean, monitored: boolean): string {
  if (!admin_state_up) return 'OFFLINE';
  if (!monitored) return 'NO_MONITOR';
  if (!used) return 'OFFLINE';
  return weight === 0 ? 'DRAINING' : 'ONLINE';
}

function set(child: Child, serves: boolean): void {
  if (child.provisioning_status === 'ACTIVE')
    child.operating_status = serves && child.admin_state_up ? 'ONLINE' : 'OFFLINE';
}
