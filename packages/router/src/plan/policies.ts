import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { Listener, ObservedListener } from '../model.js';
import { inEvaluationOrder } from './evaluation-order.js';
import { withNotFoundPool } from './not-found-pool.js';
import { assignPlaces } from './places.js';
import type { Effect } from './policy-difference.js';
import { addPolicy, type Edit, editPolicy, removePolicy } from './policy-edits.js';
import { PositionCounter } from './position-counter.js';

/**
 * The changes of one listener's policies, so ordered that a request is decided, after each of them, as it was before all
 * or as it will be after all:
 *
 * 1. What takes requests from others, the first in order of evaluation first: by the time a policy takes a request,
 *    everything that will be preferred to it is there.
 * 2. What takes some and leaves others, in the same order.
 * 3. What leaves requests to others, deletions among it, the last in the present order of evaluation first: by the time a
 *    policy leaves a request, nothing old is behind it to take it for a while, and everything new is there.
 *
 * So no deletion has to come before a creation: until it goes, an old policy either decides as before or is overtaken.
 */
export function planPolicies(
  desired: Pick<Listener, 'policies'>,
  observed: ObservedListener,
  capabilities: RouterCapabilities,
): readonly Change[] {
  // What is on the router as it is wanted is often the very same list.
  if (desired.policies === observed.policies) return [];
  const context = { listener: observed.key, capabilities };
  const wanted = inEvaluationOrder(desired.policies);
  const byKey = new Map(wanted.map((ordered) => [ordered.policy.key, ordered]));
  const standing = observed.policies.map(({ foreign, key }) => (foreign === true ? undefined : byKey.get(key)));
  const places = assignPlaces(wanted, standing);
  const edits: Edit[] = [];

  for (const [index, current] of observed.policies.entries()) {
    const ordered = standing[index];
    const from = places.standing[index] ?? index;
    if (ordered !== undefined) {
      const to = places.assigned.get(ordered);
      if (to === undefined && current === ordered.policy) continue;
      const policy = withNotFoundPool(ordered.policy, capabilities);
      const order = { index, rank: ordered.rank };
      const edit = editPolicy(context, current, policy, order, to === undefined ? undefined : { from, to });
      if (edit !== undefined) edits.push(edit);
    } else if (current.foreign !== true) {
      edits.push(removePolicy(context, current, index, from));
    }
  }
  const present = new Set(standing);
  for (const [ordered, place] of places.assigned) {
    if (present.has(ordered)) continue;
    edits.push(addPolicy(context, withNotFoundPool(ordered.policy, capabilities), ordered.rank, place));
  }
  if (edits.length === 0) return [];

  const positions = new PositionCounter(places.size);
  for (const place of places.standing) positions.take(place);
  return inSafeOrder(edits).flatMap((edit) => edit.write(positions));
}

function inSafeOrder(edits: readonly Edit[]): readonly Edit[] {
  const withEffect = (effect: Effect) =>
    edits
      .filter((edit) => edit.effect === effect)
      .sort((a, b) => a.evaluated[0] - b.evaluated[0] || a.evaluated[1] - b.evaluated[1]);
  return [...withEffect('gain'), ...withEffect('exchange'), ...withEffect('loss').reverse()];
}
