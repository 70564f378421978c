import type { HealthMonitor, Listener, LoadBalancer, Member, Pool } from './model.js';

/** A planned write. A pool is known by its key ({@link poolKey}), because some are made by the plan that names them. */
export type Change =
  | { readonly type: 'createLoadBalancer'; readonly loadBalancer: LoadBalancer }
  /** With everything below it. */
  | { readonly type: 'deleteLoadBalancer'; readonly id: string }
  /** Without members and monitor: Octavia takes them one by one. */
  | { readonly type: 'createPool'; readonly pool: string; readonly settings: Pool }
  | { readonly type: 'updatePool'; readonly pool: string; readonly settings: Pool }
  | { readonly type: 'deletePool'; readonly id: string; readonly pool: string }
  | {
      readonly type: 'setMembers';
      readonly pool: string;
      readonly members: readonly Member[];
      /** The subnet that members which this takes away come back in by the next change: it has to be there. */
      readonly movesTo?: string;
    }
  | { readonly type: 'createHealthMonitor'; readonly pool: string; readonly monitor: HealthMonitor }
  | {
      readonly type: 'updateHealthMonitor';
      readonly id: string;
      readonly pool: string;
      readonly monitor: HealthMonitor;
    }
  | { readonly type: 'deleteHealthMonitor'; readonly id: string; readonly pool: string }
  /** Has Octavia say whether it takes such a listener, which is to replace another one at its port; nothing is left of it. */
  | { readonly type: 'tryListener'; readonly listener: Listener; readonly pool: string }
  | { readonly type: 'createListener'; readonly listener: Listener; readonly pool: string }
  | { readonly type: 'updateListener'; readonly id: string; readonly listener: Listener; readonly pool: string }
  | { readonly type: 'deleteListener'; readonly id: string; readonly listener: string };

/** For logs, e.g. `set 3 members of pool TCP:80/TCP`. */
export function describeChange(change: Change): string {
  switch (change.type) {
    case 'createLoadBalancer':
      return `create load balancer ${change.loadBalancer.name}`;
    case 'deleteLoadBalancer':
      return `delete load balancer ${change.id}`;
    case 'createPool':
      return `create pool ${change.pool}`;
    case 'updatePool':
      return `update pool ${change.pool}`;
    case 'deletePool':
      return `delete pool ${change.pool}`;
    case 'setMembers':
      return `set ${change.members.length} ${change.members.length === 1 ? 'member' : 'members'} of pool ${change.pool}`;
    case 'createHealthMonitor':
      return `create the health monitor of pool ${change.pool}`;
    case 'updateHealthMonitor':
      return `update the health monitor of pool ${change.pool}`;
    case 'deleteHealthMonitor':
      return `delete the health monitor of pool ${change.pool}`;
    case 'tryListener':
      return `try listener ${change.listener.key}`;
    case 'createListener':
      return `create listener ${change.listener.key}`;
    case 'updateListener':
      return `update listener ${change.listener.key}`;
    case 'deleteListener':
      return `delete listener ${change.listener}`;
  }
}
