import { actionClass } from '../../action-class.js';
import type { RouterCapabilities } from '../../capabilities.js';
import type { Change } from '../../change.js';
import type { L7Policy, ObservedPolicy } from '../../model.js';
import type { PositionCounter } from '../order/position-counter.js';
import { type Effect, updatePolicy } from './policy-difference.js';
import { createRules } from './rules.js';

/** What becomes of one policy of ours. */
export interface Edit {
  readonly effect: Effect;
  /** When it is evaluated, after the edit for a gain or an exchange, before it for a loss: action class, then order within the listener. */
  readonly evaluated: readonly [actionClass: number, order: number];
  /** The policy as it is to be, and its place; absent where it is deleted. */
  readonly wanted?: PlacedPolicy;
  /** It has no rules yet, so that it matches nothing until it is given the first of them. */
  readonly arrives: boolean;
  /**
   * Called once, in the order in which edits are made: positions depend on what was done before.
   *
   * @param halfMade it may match with the first of its rules alone meanwhile; only told of what arrives
   */
  readonly write: (halfMade: boolean) => readonly Change[];
}

export interface PlacedPolicy {
  readonly policy: L7Policy;
  readonly place: number;
}

/** Where an edit is made: which listener, on which router. */
export interface EditContext {
  readonly listener: string;
  readonly capabilities: Pick<RouterCapabilities, 'policyWithRules' | 'maxRulesPerPolicy' | 'maxRuleValueLength'>;
  readonly positions: PositionCounter;
  /** Is there, or will there be, a policy of this key? */
  readonly isTaken: (key: string) => boolean;
}

/** Where a policy stands now, and where it is to stand. */
export interface EditPlaces {
  /** Among what the router has. */
  readonly index: number;
  /** In the wanted order of evaluation. */
  readonly rank: number;
  readonly from: number;
  readonly to: number;
}

export function addPolicy(context: EditContext, policy: L7Policy, rank: number, place: number): Edit {
  const { positions } = context;
  return {
    effect: 'gain',
    evaluated: [actionClass(policy.action), rank],
    wanted: { policy, place },
    arrives: true,
    write: (halfMade) => {
      const position = positions.positionOf(place);
      const atEnd = position === positions.end;
      positions.take(place);
      return createPolicy(context, policy, atEnd ? undefined : position, halfMade);
    },
  };
}

/**
 * A router that takes rules one by one is given a policy disabled, and it is enabled in the last write, so that it never
 * matches more than it should. That write is saved where it may be half-made, and with no more than one rule, where there
 * is no half: without its rule it matches nothing.
 *
 * @param position undefined: the end
 */
export function createPolicy(
  { listener, capabilities }: EditContext,
  policy: L7Policy,
  position: number | undefined,
  halfMade: boolean,
): readonly Change[] {
  const at = position === undefined ? {} : { position };
  if (capabilities.policyWithRules) return [{ type: 'createPolicy', listener, policy, ...at }];
  const atOnce = halfMade || policy.rules.length <= 1;
  const owner = { listener, policy: policy.key };
  return [
    { type: 'createPolicy', listener, policy: { ...policy, rules: [], enabled: policy.enabled && atOnce }, ...at },
    ...createRules(owner, policy.rules),
    ...updatePolicy(owner, policy.enabled && !atOnce ? { enabled: true } : {}, undefined),
  ];
}

export function removePolicy(
  { listener, positions }: EditContext,
  current: ObservedPolicy,
  index: number,
  place: number,
): Edit {
  return {
    effect: 'loss',
    evaluated: [actionClass(current.action), index],
    arrives: false,
    write: () => {
      positions.leave(place);
      return [{ type: 'deletePolicy', listener, policy: current.key }];
    },
  };
}
