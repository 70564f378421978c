import { actionClass } from '../action-class.js';
import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { L7Policy, ObservedPolicy } from '../model.js';
import {
  changePolicy,
  comparePolicy,
  type Effect,
  effectOf,
  type Movement,
  type PolicyDifference,
} from './policy-difference.js';
import type { PositionCounter } from './position-counter.js';

/** What becomes of one policy of ours. */
export interface Edit {
  readonly effect: Effect;
  /** When it is evaluated, after the edit for a gain or an exchange, before it for a loss: action class, then order within the listener. */
  readonly evaluated: readonly [actionClass: number, order: number];
  /** Called once, in the order in which edits are made: positions depend on what was done before. */
  readonly write: (positions: PositionCounter) => readonly Change[];
}

/** Where an edit is made: which listener, on which router. */
export interface EditContext {
  readonly listener: string;
  readonly capabilities: Pick<RouterCapabilities, 'policyWithRules' | 'maxRulesPerPolicy'>;
}

/**
 * A new policy. A router that takes rules one by one is given it disabled, and it is enabled in the last write, so that it
 * never matches more than it should. With no more than one rule there is no half: without its rule it matches nothing.
 */
export function addPolicy(context: EditContext, wanted: L7Policy, rank: number, place: number): Edit {
  const { listener, capabilities } = context;
  return {
    effect: 'gain',
    evaluated: [actionClass(wanted.action), rank],
    write: (positions) => {
      const position = positions.positionOf(place);
      const at = position < positions.end ? { position } : {};
      positions.take(place);
      const created = capabilities.policyWithRules
        ? wanted
        : { ...wanted, rules: [], enabled: wanted.enabled && wanted.rules.length <= 1 };
      const rest = comparePolicy(created, wanted);
      return [
        { type: 'createPolicy', listener, policy: created, ...at },
        ...(rest === undefined ? [] : changePolicy(listener, rest, undefined, capabilities.maxRulesPerPolicy)),
      ];
    },
  };
}

/** A policy that is changed in place; undefined if nothing differs and it does not move. */
export function editPolicy(
  context: EditContext,
  current: ObservedPolicy,
  wanted: L7Policy,
  order: { readonly index: number; readonly rank: number },
  move: { readonly from: number; readonly to: number } | undefined,
): Edit | undefined {
  const difference = comparePolicy(current, wanted);
  if (difference === undefined && move === undefined) return undefined;
  const nothing: PolicyDifference = { current, wanted, patch: {}, rules: { added: [], removed: [] } };
  const effect = effectOf(difference ?? nothing, movementOf(move));
  return {
    effect,
    evaluated:
      effect === 'loss' ? [actionClass(current.action), order.index] : [actionClass(wanted.action), order.rank],
    write: (positions) => {
      const { listener, capabilities } = context;
      let position: number | undefined;
      if (move !== undefined) {
        positions.leave(move.from);
        position = positions.positionOf(move.to);
        positions.take(move.to);
      }
      return changePolicy(listener, difference ?? nothing, position, capabilities.maxRulesPerPolicy);
    },
  };
}

export function removePolicy({ listener }: EditContext, current: ObservedPolicy, index: number, place: number): Edit {
  return {
    effect: 'loss',
    evaluated: [actionClass(current.action), index],
    write: (positions) => {
      positions.leave(place);
      return [{ type: 'deletePolicy', listener, policy: current.key }];
    },
  };
}

function movementOf(move: { readonly from: number; readonly to: number } | undefined): Movement {
  if (move === undefined) return 'none';
  return move.to < move.from ? 'forward' : 'backward';
}
