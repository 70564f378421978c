import { largestAntichain } from './antichain.js';
import { byGroup, findDisorder } from './disorder.js';
import { comesBefore, mustPrecede, type OrderedPolicy } from './evaluation-order.js';
import { longestOrdered } from './longest-ordered.js';

/**
 * The most policies, out of order together or new among them, for which the fewest moves are sought pair by pair. Beyond
 * it, whatever is out of order counts as if it mattered, which takes a time that grows with the number of policies.
 */
const MOST_COMPARED = 1_000;

type Precedes = (a: OrderedPolicy, b: OrderedPolicy) => boolean;

export interface Moves {
  readonly moved: ReadonlySet<OrderedPolicy>;
  /** Policies that stay though they are out of order, because no request minds. */
  readonly stragglers: readonly Straggler[];
}

export interface Straggler {
  readonly policy: OrderedPolicy;
  /** Must a moved or new policy be put before this one? */
  readonly comesAfter: (policy: OrderedPolicy) => boolean;
}

/**
 * Finds the fewest policies that have to move so that every two whose order matters stand in that order, once the moved
 * and the new ones have been put in between. None, unless somebody else has moved our policies, or a new version of this
 * program orders them otherwise.
 *
 * @param standing live policies in the order in which the router has them
 * @param added policies that will be put in
 */
export function planMoves(standing: readonly OrderedPolicy[], added: readonly OrderedPolicy[]): Moves {
  const { acrossBands, withinGroups } = findDisorder(standing);
  const moved = new Set<OrderedPolicy>();
  const stragglers: Straggler[] = [];
  const settle = (group: readonly OrderedPolicy[], others: readonly OrderedPolicy[], isConcerned: Precedes) => {
    const { kept, precedes } = settleGroup(group, others);
    for (const policy of group) {
      if (!kept.has(policy)) moved.add(policy);
      else if (precedes !== undefined) {
        const comesAfter = (other: OrderedPolicy) =>
          isConcerned(other, policy) ? precedes(other, policy) : comesBefore(other, policy);
        stragglers.push({ policy, comesAfter });
      }
    }
  };
  for (const group of withinGroups) {
    const name = group[0]?.group;
    const others = added.filter((policy) => policy.group === name);
    settle(group, others, (a, b) => a.group === b.group);
  }
  if (acrossBands.length > 0) settle(acrossBands, [...added, ...moved], () => true);
  return { moved, stragglers };
}

interface Settled {
  readonly kept: ReadonlySet<OrderedPolicy>;
  /** The order that the kept ones are in, where that is less than {@link comesBefore}. */
  readonly precedes?: Precedes;
}

function settleGroup(group: readonly OrderedPolicy[], others: readonly OrderedPolicy[]): Settled {
  if (group.length + others.length > MOST_COMPARED) {
    const inBands = longestOrdered(group, ({ order }) => order.band);
    const kept = byGroup(inBands).flatMap((policies) => longestOrdered(policies, ({ rank }) => rank));
    return { kept: new Set(kept) };
  }
  const precedes = transitively([...group, ...others]);
  const kept = largestAntichain(group.length, (a, b) => {
    const [early, late] = [group[a], group[b]];
    return a > b && early !== undefined && late !== undefined && precedes(early, late);
  });
  return { kept: new Set(group.filter((_, index) => kept.has(index))), precedes };
}

/**
 * {@link mustPrecede} through any number of the others: if `a` must precede `x`, and `x` must precede `b`, then `a` may
 * not stand after `b`, even where no request matches both.
 */
function transitively(policies: readonly OrderedPolicy[]): Precedes {
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
