import { isLive, type OrderedPolicy } from './evaluation-order.js';
import { planMoves } from './moves.js';

/**
 * The places of a listener, in order: one for each policy that stands there and one right before it ({@link placeBefore}),
 * and one more wherever a new or a moved policy goes. Places are numbered from 0 and never renumbered; positions follow
 * from which of them are taken.
 */
export interface Places {
  readonly size: number;
  /** Place of what the router has, by its index there. */
  readonly standing: readonly number[];
  /** Place of a wanted policy that is new or has to move. */
  readonly assigned: ReadonlyMap<OrderedPolicy, number>;
}

/**
 * Decides where new policies go and which of the standing ones move. Each is put right before the first that has to come
 * after it; with no such one, at the end.
 *
 * @param wanted in order of evaluation
 * @param standing what the router has, in order of position: the wanted policy, or undefined for one that is to be
 *   deleted or is somebody else's
 */
export function assignPlaces(
  wanted: readonly OrderedPolicy[],
  standing: readonly (OrderedPolicy | undefined)[],
): Places {
  const present = new Set(standing);
  const added = wanted.filter((policy) => !present.has(policy));
  const { moved, stragglers } = planMoves(standing.filter(isStanding), added);
  if (added.length === 0 && moved.size === 0) {
    return numberPlaces(standing.length, new Map());
  }
  const indexes = new Map<OrderedPolicy, number>();
  for (const [index, policy] of standing.entries()) if (isStanding(policy)) indexes.set(policy, index);
  const loose = new Set(stragglers.map(({ policy }) => policy));
  const successors = new Successors();
  const before = new Map<number, OrderedPolicy[]>();
  for (const policy of wanted.toReversed()) {
    const index = indexes.get(policy);
    if (moved.has(policy) || !present.has(policy)) {
      const successor = stragglers
        .filter(({ comesAfter }) => comesAfter(policy))
        .map((straggler) => indexes.get(straggler.policy) ?? standing.length)
        .reduce((first, index) => Math.min(first, index), successors.firstAfter(policy, standing.length));
      const group = before.get(successor);
      if (group === undefined) before.set(successor, [policy]);
      else group.push(policy);
    } else if (index !== undefined && !loose.has(policy)) {
      successors.add(policy, index);
    }
  }
  return numberPlaces(standing.length, before);
}

/** A free place right before that of a policy that stands on the router. */
export function placeBefore(standing: number): number {
  return standing - 1;
}

/** Wanted and live: something to put others before. What matches nothing is in nobody's way. */
function isStanding(policy: OrderedPolicy | undefined): policy is OrderedPolicy {
  return policy !== undefined && isLive(policy.policy);
}

/** The lowest indexes among policies that were added in reverse order of evaluation: by later band and by group of hosts. */
class Successors {
  readonly #byBand: [number, number, number, number] = [Infinity, Infinity, Infinity, Infinity];
  readonly #byGroup = new Map<string, number>();

  add({ order, group }: OrderedPolicy, index: number): void {
    this.#byBand[order.band] = Math.min(this.#byBand[order.band], index);
    this.#byGroup.set(group, Math.min(this.#byGroup.get(group) ?? Infinity, index));
  }

  /** Index of the first that comes after the policy, or `none`. */
  firstAfter({ order, group }: OrderedPolicy, none: number): number {
    return Math.min(none, this.#byGroup.get(group) ?? none, ...this.#byBand.slice(order.band + 1));
  }
}

/** @param before what goes right before each index, in reverse order of evaluation */
function numberPlaces(length: number, before: ReadonlyMap<number, readonly OrderedPolicy[]>): Places {
  const standing: number[] = [];
  const assigned = new Map<OrderedPolicy, number>();
  let place = 0;
  for (let index = 0; index <= length; index += 1) {
    for (const policy of before.get(index)?.toReversed() ?? []) assigned.set(policy, place++);
    if (index === length) break;
    standing.push(place + 1);
    place += 2;
  }
  return { size: place, standing, assigned };
}
