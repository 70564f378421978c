import type { RouterCapabilities } from '../../capabilities.js';
import type { ObservedRouter, Router, Source } from '../../model.js';
import { sameSource } from '../../model-equality.js';
import { policiesConflict } from '../../policy-order.js';
import { isLive } from '../order/evaluation-order.js';
import type { ListenerEdits } from '../policies/policies.js';
import type { Edit, PlacedPolicy } from '../policies/policy-edits.js';

/**
 * The pools that get their members after the first policies that lead to them, rather than before, and these policies.
 * While such a pool is empty they may be half-made: what they match too much gets a 503 from the empty pool in place of a
 * 404 or 503 from the router, and none of the pool's members can be reached by a path that no Ingress asks for. That saves
 * the write that enables each of them.
 *
 * They are the policies that one source, the first to lead to the pool, has in a row: whoever comes after finds the pool
 * filled, so that a route that is complete never waits for those of others. A pool is one of these if it is empty, nothing
 * that matches a request leads to it yet, and none of these policies takes a request from another one, not even with the
 * first of its rules only.
 *
 * @param edits of all listeners, in the order in which they are made
 * @returns by name of the pool, in the same order; the pool is filled right after the last
 */
export function poolsFilledLast(
  desired: Router,
  observed: ObservedRouter,
  listeners: readonly ListenerEdits[],
  edits: readonly Edit[],
  capabilities: Pick<RouterCapabilities, 'policyWithRules' | 'poolWithMembers'>,
): ReadonlyMap<string, readonly Edit[]> {
  if (capabilities.policyWithRules || capabilities.poolWithMembers || !edits.some(hasHalf)) return new Map();
  const unused = unusedPools(desired, observed);
  const standing = new Map(listeners.flatMap((listener) => listener.edits.map((edit) => [edit, listener.standing])));
  const isHarmless = (edit: Edit) => takesNothing(edit, standing.get(edit) ?? []);
  return new Map(
    [...firstEdits(edits)].filter(
      ([pool, first]) => unused.has(pool) && first.some(hasHalf) && first.every(isHarmless),
    ),
  );
}

/** New or empty, and nothing that matches a request leads to them. */
function unusedPools(desired: Router, observed: ObservedRouter): ReadonlySet<string> {
  const pools = new Set(desired.pools.map(({ name }) => name));
  for (const { name, members, foreign } of observed.pools) {
    if (foreign !== true && members.length > 0) pools.delete(name);
  }
  for (const { policies } of observed.listeners) {
    for (const policy of policies) if (isLive(policy)) pools.delete(policy.redirectPool ?? '');
  }
  return pools;
}

/** By pool, the edits that lead to it while it is the turn of the source of the first of them. */
function firstEdits(edits: readonly Edit[]): ReadonlyMap<string, readonly Edit[]> {
  const first = new Map<string, Edit[]>();
  let inTurn = new Map<string, Edit[]>();
  let turn: Source | undefined;
  for (const edit of edits) {
    const { source, redirectPool: pool } = edit.wanted?.policy ?? {};
    if (source === undefined || turn === undefined || !sameSource(source, turn)) inTurn = new Map();
    turn = source;
    if (pool === undefined) continue;
    const others = inTurn.get(pool);
    if (others !== undefined) others.push(edit);
    else if (!first.has(pool)) {
      const begun = [edit];
      first.set(pool, begun);
      inTurn.set(pool, begun);
    }
  }
  return first;
}

/** Can it be half-made, with some of its rules and not all? */
function hasHalf({ arrives, wanted }: Edit): boolean {
  return arrives && wanted !== undefined && wanted.policy.rules.length > 1;
}

/**
 * It is new, and the first of its rules, which tells the host where there is one, takes no request from what stands. What is
 * new or matches more before that takes none that somebody has taken so far: what has the same hosts comes in the order in
 * which it is to stand.
 */
function takesNothing({ arrives, wanted }: Edit, standing: readonly PlacedPolicy[]): boolean {
  if (!arrives || wanted === undefined) return false;
  const { policy, place } = wanted;
  const half = { ...policy, rules: policy.rules.slice(0, 1) };
  return !standing.some((other) => other.place > place && policiesConflict(half, other.policy));
}
