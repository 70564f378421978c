import { isLive, type OrderedPolicy } from './evaluation-order.js';
import { planMoves } from './moves.js';

/**
 * The places of a listener, in order: one for each policy that stands there, and one more wherever a new or a moved
 * policy goes. Places are numbered from 0 and never renumbered; positions follow from which of them are taken.
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
  const live = standing.filter((policy) => policy !== undefined && isLive(policy.policy)) as readonly OrderedPolicy[];
  const moves = planMoves(live, added);
  if (added.length === 0 && moves.moved.size === 0) {
    return { size: standing.length, standing: standing.map((_, index) => index), assigned: new Map() };
  }
  const stragglers = new Set(moves.stragglers);
  const fixed = new Map<OrderedPolicy, number>();
  for (const [index, policy] of standing.entries()) {
    if (policy !== undefined && isLive(policy.policy) && !moves.moved.has(policy)) fixed.set(policy, index);
  }
  const successors = new Successors();
  const before = new Map<number, OrderedPolicy[]>();
  for (const policy of wanted.toReversed()) {
    const index = fixed.get(policy);
    if (index !== undefined) {
      if (!stragglers.has(policy)) successors.add(policy, index);
    } else if (moves.moved.has(policy) || !present.has(policy)) {
      let successor = successors.firstAfter(policy, standing.length);
      for (const straggler of moves.stragglers) {
        if (moves.mustPrecede(policy, straggler)) successor = Math.min(successor, fixed.get(straggler) ?? successor);
      }
      const group = before.get(successor);
      if (group === undefined) before.set(successor, [policy]);
      else group.push(policy);
    }
  }
  return numberPlaces(standing.length, before);
}

/** The lowest indexes among policies that were added in reverse order of evaluation: by later band and by host. */
class Successors {
  readonly #byBand: [number, number, number, number] = [Infinity, Infinity, Infinity, Infinity];
  readonly #byHost = new Map<string, number>();

  add({ order }: OrderedPolicy, index: number): void {
    this.#byBand[order.band] = Math.min(this.#byBand[order.band], index);
    this.#byHost.set(order.host, Math.min(this.#byHost.get(order.host) ?? Infinity, index));
  }

  /** Index of the first that comes after the policy, or `none`. */
  firstAfter({ order }: OrderedPolicy, none: number): number {
    return Math.min(none, this.#byHost.get(order.host) ?? none, ...this.#byBand.slice(order.band + 1));
  }
}

/** @param before what goes right before each index, in reverse order of evaluation */
function numberPlaces(length: number, before: ReadonlyMap<number, readonly OrderedPolicy[]>): Places {
  const standing: number[] = [];
  const assigned = new Map<OrderedPolicy, number>();
  let place = 0;
  for (let index = 0; index <= length; index += 1) {
    for (const policy of before.get(index)?.toReversed() ?? []) assigned.set(policy, place++);
    if (index < length) standing.push(place++);
  }
  return { size: place, standing, assigned };
}
