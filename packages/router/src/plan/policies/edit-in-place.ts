import { actionClass } from '../../action-class.js';
import type { L7Policy, ObservedPolicy } from '../../model.js';
import { standInKey } from '../../policy-key.js';
import { isLive } from '../order/evaluation-order.js';
import { placeBefore } from '../order/places.js';
import {
  changeDisabled,
  changePolicy,
  changeUnnoticed,
  comparePolicy,
  directionOf,
  type Effect,
  effectOf,
  type Movement,
  type PolicyDifference,
  updatePolicy,
} from './policy-difference.js';
import { createPolicy, type Edit, type EditContext, type EditPlaces } from './policy-edits.js';
import { reshape, reshapingOf, widened } from './reshape.js';
import { createRules } from './rules.js';

/**
 * A policy that is changed in place: nothing, one edit, or two. A policy for other requests than before, as happens where
 * hosts or paths share one,
 *
 * - is given more requests, and its new target before, as a gain, unless it moves backward;
 * - is given fewer requests, and its new target after, as a loss, unless it moves forward;
 * - is given the new requests as a gain and leaves the old ones as a loss, where it has them for the same target and place
 *   and the router takes rules for both together;
 * - else has a stand-in: a policy like the one it was, right before it, as a gain; behind that it is changed unnoticed; and
 *   the stand-in goes as a loss. Nobody wants a stand-in, so whoever is stopped before that, deletes it the next time.
 */
export function editInPlace(
  context: EditContext,
  current: ObservedPolicy,
  wanted: L7Policy,
  places: EditPlaces,
): readonly Edit[] {
  const difference = comparePolicy(current, wanted);
  const reshaping = difference && isLive(current) && isLive(wanted) ? reshapingOf(difference) : 'same';
  if (difference === undefined || reshaping === 'same' || reshaping === 'unknown') {
    const nothing: PolicyDifference = { current, wanted, patch: {}, rules: { added: [], removed: [] } };
    const moves = places.from !== places.to;
    return difference === undefined && !moves ? [] : [changeAsOne(context, difference ?? nothing, places)];
  }
  const direction = directionOf(difference, movementOf(places));
  if (reshaping === 'wider' && direction !== 'backward') return [reshapePolicy(context, difference, 'gain', places)];
  if (reshaping === 'narrower' && direction !== 'forward') return [reshapePolicy(context, difference, 'loss', places)];
  const stays = difference.patch.action === undefined && places.from === places.to;
  const both = stays ? widened(current, wanted, context.capabilities.maxRuleValueLength) : undefined;
  return both === undefined
    ? changeBehindStandIn(context, current, difference, places)
    : changeByWayOf({ ...both, source: wanted.source }, context, difference, places);
}

/** For the same requests as before, or for none before or after, or by rules of other people's forms. */
function changeAsOne(context: EditContext, difference: PolicyDifference, places: EditPlaces): Edit {
  const { listener, capabilities } = context;
  const { current, wanted, patch, rules } = difference;
  const arrives = current.enabled && current.rules.length === 0 && places.from === places.to;
  return {
    ...timing(difference, effectOf(difference, movementOf(places)), places),
    arrives,
    write: (halfMade) => {
      const owner = { listener, policy: wanted.key };
      if (halfMade) return [...updatePolicy(owner, patch, undefined), ...createRules(owner, rules.added)];
      return changePolicy(listener, difference, moveTo(context, places), capabilities.maxRulesPerPolicy);
    },
  };
}

function changeByWayOf(
  both: L7Policy,
  context: EditContext,
  { current, wanted }: PolicyDifference,
  places: EditPlaces,
): readonly Edit[] {
  const [more, fewer] = [comparePolicy(current, both), comparePolicy(both, wanted)];
  return [
    ...(more === undefined ? [] : [reshapePolicy(context, more, 'gain', places)]),
    ...(fewer === undefined ? [] : [reshapePolicy(context, fewer, 'loss', places)]),
  ];
}

function reshapePolicy(context: EditContext, difference: PolicyDifference, effect: Effect, places: EditPlaces): Edit {
  const { wanted, patch, rules } = difference;
  return {
    ...timing(difference, effect, places),
    write: () => {
      const owner = { listener: context.listener, policy: wanted.key };
      const updated = updatePolicy(owner, patch, moveTo(context, places));
      const reshaped = reshape(owner, rules);
      return effect === 'gain' ? [...updated, ...reshaped] : [...reshaped, ...updated];
    },
  };
}

function changeBehindStandIn(
  context: EditContext,
  { foreign: _ours, id: _ofBackend, failed: _sound, ...was }: ObservedPolicy,
  difference: PolicyDifference,
  places: EditPlaces,
): readonly Edit[] {
  const { listener, positions } = context;
  const standIn: L7Policy = { ...was, key: standInKey(was.key, context.isTaken) };
  const place = placeBefore(places.from);
  const direction = directionOf(difference, movementOf(places));
  return [
    {
      ...timing(difference, 'gain', places),
      write: () => {
        const position = positions.positionOf(place);
        positions.take(place);
        const created = createPolicy(context, standIn, position, false);
        const change = direction === 'forward' ? changeDisabled : changeUnnoticed;
        return [...created, ...change(listener, difference, moveTo(context, places))];
      },
    },
    {
      ...timing(difference, 'loss', places),
      write: () => {
        positions.leave(place);
        return [{ type: 'deletePolicy', listener, policy: standIn.key }];
      },
    },
  ];
}

function timing(
  { current, wanted }: PolicyDifference,
  effect: Effect,
  { index, rank, to }: EditPlaces,
): Pick<Edit, 'effect' | 'evaluated' | 'wanted' | 'arrives'> {
  const evaluated =
    effect === 'loss' ? ([actionClass(current.action), index] as const) : ([actionClass(wanted.action), rank] as const);
  return { effect, evaluated, wanted: { policy: wanted, place: to }, arrives: false };
}

function movementOf({ from, to }: { readonly from: number; readonly to: number }): Movement {
  if (from === to) return 'none';
  return to < from ? 'forward' : 'backward';
}

/** The position that it moves to, if it does. */
function moveTo({ positions }: EditContext, { from, to }: EditPlaces): number | undefined {
  if (from === to) return undefined;
  positions.leave(from);
  const position = positions.positionOf(to);
  positions.take(to);
  return position;
}
