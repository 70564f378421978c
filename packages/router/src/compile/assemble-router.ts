import type { Compilation, PoolRequest } from '../compilation.js';
import type { L7Policy, ListenerIdentity, Member, Pool, Router } from '../model.js';
import { compareText, inPolicyOrder } from '../policy-order.js';

/** By pool name; a pool that is not there has no members. */
export type MembersByPool = ReadonlyMap<string, readonly Member[]>;

/**
 * The desired router: the policies of all compilations on every listener, in one order of evaluation, and their pools
 * filled. Where two compilations have a policy or pool of the same name, the first one's stands.
 */
export function assembleRouter(
  compilations: readonly Compilation[],
  membersByPool: MembersByPool,
  listeners: readonly ListenerIdentity[],
): Router {
  const policies = mergePolicies(compilations);
  const pools = new Map<string, Pool>();
  for (const request of compilations.flatMap((compilation) => compilation.pools)) {
    if (!pools.has(request.name)) pools.set(request.name, fillPool(request, membersByPool.get(request.name) ?? []));
  }
  return {
    listeners: listeners.map((listener) => ({ ...listener, policies })),
    pools: [...pools.values()].sort((a, b) => compareText(a.name, b.name)),
  };
}

/** A pool that is asked for, with its members. */
export function fillPool(request: PoolRequest, members: readonly Member[]): Pool {
  const { name, lbAlgorithm, healthMonitor, source } = request;
  return { name, protocol: 'HTTP', lbAlgorithm, members, ...(healthMonitor && { healthMonitor }), source };
}

/** The policies of several compilations in one order of evaluation; of two with one key, the first stands. */
export function mergePolicies(compilations: readonly Compilation[]): readonly L7Policy[] {
  const [first, ...others] = compilations;
  if (first === undefined || others.length === 0) return first?.policies ?? [];
  const byKey = new Map<string, L7Policy>();
  for (const policy of compilations.flatMap(({ policies }) => policies)) {
    if (!byKey.has(policy.key)) byKey.set(policy.key, policy);
  }
  return inPolicyOrder([...byKey.values()]).map(({ policy }) => policy);
}
