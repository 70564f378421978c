import type { L7Policy, L7Rule, Member, OctaviaClient, Pool } from '@kuryr-l7/openstack';
import { TemporaryRouterError } from '@kuryr-l7/plugin';
import { type Change, describeChange } from '@kuryr-l7/router';
import type { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import type { Ownership } from '../ownership/ownership.js';
import type { PoolSettings } from '../settings.js';
import type { KnownObjects, KnownPolicy, KnownPool } from '../snapshot/known-objects.js';
import type { RememberedChildren } from '../snapshot/remembered-children.js';

/** What a change needs to be made. */
export interface WriteContext {
  readonly octavia: OctaviaClient;
  readonly loadBalancer: LockedLoadBalancer;
  readonly loadBalancerId: string;
  readonly ownership: Ownership;
  readonly poolSettings: PoolSettings;
  readonly known: KnownObjects;
  readonly rules: RememberedChildren<L7Policy, L7Rule>;
  readonly members: RememberedChildren<Pool, Member>;
}

type ChangeOf<T extends Change['type']> = Extract<Change, { readonly type: T }>;

export type { ChangeOf };

/** @throws TemporaryRouterError the plan was made for a router that is not as it was */
export function policyOf(
  { known }: WriteContext,
  change: Extract<Change, { readonly listener: string; readonly policy: string }>,
): KnownPolicy {
  const policy = known.policy(change.listener, change.policy);
  if (policy === undefined) throw outdated(change, 'the load balancer has no such l7policy of this cluster');
  return policy;
}

/** @throws TemporaryRouterError the plan was made for a router that is not as it was */
export function poolOf({ known }: WriteContext, change: Extract<Change, { readonly pool: unknown }>): KnownPool {
  const pool = known.pools.get(typeof change.pool === 'string' ? change.pool : change.pool.name);
  if (pool === undefined) throw outdated(change, 'the load balancer has no such pool of this cluster');
  return pool;
}

export function outdated(change: Change, reason: string): TemporaryRouterError {
  return new TemporaryRouterError(`${describeChange(change)}: ${reason}; it is read anew`);
}
