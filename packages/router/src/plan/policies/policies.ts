import type { RouterCapabilities } from '../../capabilities.js';
import type { Listener, ObservedListener } from '../../model.js';
import { inEvaluationOrder, isLive } from '../order/evaluation-order.js';
import { assignPlaces } from '../order/places.js';
import { PositionCounter } from '../order/position-counter.js';
import { editInPlace } from './edit-in-place.js';
import { withNotFoundPool } from './not-found-pool.js';
import type { Effect } from './policy-difference.js';
import { addPolicy, type Edit, type PlacedPolicy, removePolicy } from './policy-edits.js';

/** What is to be done with the policies of one listener. */
export interface ListenerEdits {
  readonly edits: readonly Edit[];
  /** The policies that match something now, each at the later of its places. */
  readonly standing: readonly PlacedPolicy[];
}

const NOTHING: ListenerEdits = { edits: [], standing: [] };

export function editListener(
  desired: Pick<Listener, 'policies'>,
  observed: ObservedListener,
  capabilities: RouterCapabilities,
): ListenerEdits {
  // What is on the router as it is wanted is often the very same list.
  if (desired.policies === observed.policies) return NOTHING;
  const wanted = inEvaluationOrder(desired.policies);
  const byKey = new Map(wanted.map((ordered) => [ordered.policy.key, ordered]));
  const present = observed.policies.map(({ foreign, key }) => (foreign === true ? undefined : byKey.get(key)));
  const places = assignPlaces(wanted, present);
  const positions = new PositionCounter(places.size);
  for (const place of places.standing) positions.take(place);
  const isTaken = (key: string) => byKey.has(key) || observed.policies.some((policy) => policy.key === key);
  const context = { listener: observed.key, capabilities, positions, isTaken };
  const edits: Edit[] = [];
  const standing: PlacedPolicy[] = [];

  for (const [index, current] of observed.policies.entries()) {
    const ordered = present[index];
    const from = places.standing[index] ?? index;
    const to = (ordered && places.assigned.get(ordered)) ?? from;
    if (isLive(current)) standing.push({ policy: current, place: Math.max(from, to) });
    if (ordered !== undefined) {
      if (to === from && current === ordered.policy) continue;
      const policy = withNotFoundPool(ordered.policy, capabilities);
      edits.push(...editInPlace(context, current, policy, { index, rank: ordered.rank, from, to }));
    } else if (current.foreign !== true) {
      edits.push(removePolicy(context, current, index, from));
    }
  }
  const there = new Set(present);
  for (const [ordered, place] of places.assigned) {
    if (there.has(ordered)) continue;
    edits.push(addPolicy(context, withNotFoundPool(ordered.policy, capabilities), ordered.rank, place));
  }
  return { edits, standing };
}

/**
 * The edits of all listeners, so ordered that a request is decided, after each of them, as it was before all or as it will
 * be after all:
 *
 * 1. What takes requests from others, the first in order of evaluation first: by the time a policy takes a request,
 *    everything that will be preferred to it is there.
 * 2. What takes some and leaves others, in the same order.
 * 3. What leaves requests to others, deletions among it, the last in the present order of evaluation first: by the time a
 *    policy leaves a request, nothing old is behind it to take it for a while, and everything new is there.
 *
 * So no deletion has to come before a creation: until it goes, an old policy either decides as before or is overtaken.
 * Listeners do not matter to each other; a route goes to all of them before the next one does.
 */
export function inSafeOrder(edits: readonly Edit[]): readonly Edit[] {
  const withEffect = (effect: Effect) =>
    edits
      .filter((edit) => edit.effect === effect)
      .sort((a, b) => a.evaluated[0] - b.evaluated[0] || a.evaluated[1] - b.evaluated[1]);
  return [...withEffect('gain'), ...withEffect('exchange'), ...withEffect('loss').reverse()];
}
