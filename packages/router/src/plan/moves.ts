import { largestAntichain } from './antichain.js';
import { comesBefore, mustPrecede, type OrderedPolicy } from './evaluation-order.js';

/**
 * The most policies for which the fewest moves are sought. Only those that stand in front of something they come after
 * count, and the new ones beside them: none, unless somebody else has moved our policies.
 */
const MOST_COMPARED = 1_000;

export interface Moves {
  readonly moved: ReadonlySet<OrderedPolicy>;
  /** Policies that stay though they are out of order, because no request minds. */
  readonly stragglers: readonly OrderedPolicy[];
  /** For a moved or new policy and a straggler: does the order matter, be it through others? */
  mustPrecede(a: OrderedPolicy, b: OrderedPolicy): boolean;
}

/**
 * Finds the fewest policies that have to move, so that every two whose order matters stand in that order, once the moved
 * and the new ones have been put in between.
 *
 * @param standing live policies in the order in which the router has them
 * @param added policies that will be put in
 */
export function planMoves(standing: readonly OrderedPolicy[], added: readonly OrderedPolicy[]): Moves {
  const suspects = outOfOrder(standing);
  if (suspects.length === 0) return { moved: new Set(), stragglers: [], mustPrecede };
  if (suspects.length + added.length > MOST_COMPARED) {
    const kept = longestInOrder(suspects);
    return { moved: new Set(suspects.filter((policy) => !kept.has(policy))), stragglers: [], mustPrecede: comesBefore };
  }
  const precedes = transitively([...suspects, ...added]);
  // Of two suspects the one that is later in the list stands later.
  const kept = largestAntichain(suspects.length, (a, b) => {
    const [early, late] = [suspects[a], suspects[b]];
    return b < a && early !== undefined && late !== undefined && precedes(early, late);
  });
  const moved = new Set(suspects.filter((_, index) => !kept.has(index)));
  return { moved, stragglers: outOfOrder(standing.filter((policy) => !moved.has(policy))), mustPrecede: precedes };
}

/** Policies that stand after something that they come before, or before something that they come after. */
function outOfOrder(standing: readonly OrderedPolicy[]): readonly OrderedPolicy[] {
  const suspects = new Set<OrderedPolicy>();
  let lastBand = 0;
  const lastOfHost = new Map<string, number>();
  for (const policy of standing) {
    const { order, rank } = policy;
    const last = lastOfHost.get(order.host) ?? -1;
    if (order.band < lastBand || rank < last) suspects.add(policy);
    lastBand = Math.max(lastBand, order.band);
    lastOfHost.set(order.host, Math.max(last, rank));
  }
  let firstBand = Number.POSITIVE_INFINITY;
  const firstOfHost = new Map<string, number>();
  for (const policy of standing.toReversed()) {
    const { order, rank } = policy;
    const first = firstOfHost.get(order.host) ?? Number.POSITIVE_INFINITY;
    if (order.band > firstBand || rank > first) suspects.add(policy);
    firstBand = Math.min(firstBand, order.band);
    firstOfHost.set(order.host, Math.min(first, rank));
  }
  return standing.filter((policy) => suspects.has(policy));
}

/**
 * {@link mustPrecede} through any number of the others: if `a` must precede `x`, and `x` must precede `b`, then `a` may
 * not stand after `b`, even where no request matches both. Policies not given here are in order with all of them.
 */
function transitively(policies: readonly OrderedPolicy[]): Moves['mustPrecede'] {
  const sorted = policies.toSorted((a, b) => a.rank - b.rank);
  const reached = new Map<OrderedPolicy, Set<OrderedPolicy>>();
  for (const [index, a] of [...sorted.entries()].reverse()) {
    const followers = new Set<OrderedPolicy>();
    for (const b of sorted.slice(index + 1)) {
      if (followers.has(b) || !mustPrecede(a, b)) continue;
      followers.add(b);
      for (const further of reached.get(b) ?? []) followers.add(further);
    }
    reached.set(a, followers);
  }
  return (a, b) => reached.get(a)?.has(b) === true;
}

/** A longest part of the list that is in order of evaluation (patience sorting). */
function longestInOrder(standing: readonly OrderedPolicy[]): ReadonlySet<OrderedPolicy> {
  const ends: OrderedPolicy[] = [];
  const before = new Map<OrderedPolicy, OrderedPolicy | undefined>();
  for (const policy of standing) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((ends[middle]?.rank ?? 0) < policy.rank) low = middle + 1;
      else high = middle;
    }
    before.set(policy, ends[low - 1]);
    ends[low] = policy;
  }
  const kept = new Set<OrderedPolicy>();
  for (let policy = ends.at(-1); policy !== undefined; policy = before.get(policy)) kept.add(policy);
  return kept;
}
