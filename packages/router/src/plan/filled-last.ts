import type { RouterCapabilities } from '../capabilities.js';
import type { ObservedRouter, Router } from '../model.js';
import { policiesConflict } from '../policy-order.js';
import { isLive } from './evaluation-order.js';
import type { ListenerEdits } from './policies.js';
import type { Edit, PlacedPolicy } from './policy-edits.js';

/**
 * The pools that get their members after the policies that lead to them, rather than before. While such a pool is empty
 * its new policies may be half-made: what they match too much gets a 503 from the empty pool in place of a 404 or 503 from
 * the router, and none of the pool's members can be reached by a path that no Ingress asks for. That saves the write that
 * enables each of them.
 *
 * A pool is one of them if it is empty, nothing that matches a request leads to it yet, and none of its policies takes a
 * request from another one, not even with the first of its rules only.
 */
export function poolsFilledLast(
  desired: Router,
  observed: ObservedRouter,
  listeners: readonly ListenerEdits[],
  capabilities: Pick<RouterCapabilities, 'policyWithRules' | 'poolWithMembers'>,
): ReadonlySet<string> {
  const pools = new Set<string>();
  if (capabilities.policyWithRules || capabilities.poolWithMembers) return pools;
  const worthwhile = new Set(
    listeners.flatMap(({ edits }) =>
      edits.filter(isHalfMadeMeanwhile).map(({ wanted }) => wanted?.policy.redirectPool),
    ),
  );
  if (worthwhile.size === 0) return pools;

  for (const { name } of desired.pools) if (worthwhile.has(name)) pools.add(name);
  for (const { name, members, foreign, failed } of observed.pools) {
    if (foreign !== true && (failed === true || members.length > 0)) pools.delete(name);
  }
  for (const { policies } of observed.listeners) {
    for (const policy of policies) if (isLive(policy)) pools.delete(policy.redirectPool ?? '');
  }
  for (const listener of listeners) for (const pool of poolsNeededEarlier(listener, pools)) pools.delete(pool);
  return pools;
}

function isHalfMadeMeanwhile({ arrives, wanted }: Edit): boolean {
  const policy = arrives ? wanted?.policy : undefined;
  return policy?.enabled === true && policy.rules.length > 1;
}

/** Those of the given pools to which something leads that is live already, or that would take requests from others. */
function poolsNeededEarlier({ edits, standing }: ListenerEdits, pools: ReadonlySet<string>): readonly string[] {
  const needed: string[] = [];
  const arrived: PlacedPolicy[] = [];
  let furthest = -1;
  for (const { arrives, wanted } of edits.toSorted((a, b) => a.evaluated[1] - b.evaluated[1])) {
    if (wanted === undefined) continue;
    const { policy, place } = wanted;
    const pool = policy.redirectPool;
    if (pool !== undefined && pools.has(pool)) {
      const first = { ...policy, rules: policy.rules.slice(0, 1) };
      const takesFrom = (other: PlacedPolicy) => other.place > place && policiesConflict(first, other.policy);
      const harmless =
        arrives && policy.enabled && !standing.some(takesFrom) && (furthest < place || !arrived.some(takesFrom));
      if (!harmless) needed.push(pool);
    }
    if (!arrives) continue;
    arrived.push(wanted);
    furthest = Math.max(furthest, place);
  }
  return needed;
}
