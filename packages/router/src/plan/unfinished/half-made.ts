import { actionClass } from '../../action-class.js';
import type { RouterCapabilities } from '../../capabilities.js';
import type { Change } from '../../change.js';
import type { L7Policy, ObservedPolicy, ObservedRouter, Router } from '../../model.js';
import { rulesOfKey } from '../../policy-key.js';
import { policyShape, shapesOverlap } from '../../policy-shape.js';
import { inEvaluationOrder, isLive, type OrderedPolicy } from '../order/evaluation-order.js';
import { compareRules, createRules } from '../policies/rules.js';

/**
 * What has to be done first with policies that lead to an empty pool and lack rules, because somebody was stopped while
 * making them (see `poolsFilledLast`): they match too much, and would send the members that the pool is given what these
 * are not meant to get. They are completed. But where the pool is given members, they are disabled, until the rest of the
 * plan has made them what is wanted, if they are to lead elsewhere or something is to be preferred to them; and those that
 * are not wanted any more are deleted, and only those: what has all of its rules keeps its requests from others until the
 * rest of the plan has put something else there. Which ones lack rules is told by their keys then.
 */
export function planHalfMade(
  desired: Router,
  observed: ObservedRouter,
  capabilities: Pick<RouterCapabilities, 'policyWithRules'>,
): readonly Change[] {
  if (capabilities.policyWithRules) return [];
  const filled = new Set(desired.pools.filter(({ members }) => members.length > 0).map(({ name }) => name));
  const empty = new Set(
    observed.pools
      .filter(({ foreign, failed, members }) => foreign !== true && failed !== true && members.length === 0)
      .map(({ name }) => name),
  );
  if (empty.size === 0) return [];
  return observed.listeners.flatMap(({ key, policies }) => {
    const suspects = policies.filter(
      (policy) => policy.foreign !== true && isLive(policy) && empty.has(policy.redirectPool ?? ''),
    );
    if (suspects.length === 0) return [];
    const wanted = inEvaluationOrder(desired.listeners.find((listener) => listener.key === key)?.policies ?? []);
    return suspects.flatMap((current) =>
      filled.has(current.redirectPool ?? '')
        ? beforeFilling(key, current, wanted)
        : complete(key, current, wanted.find(({ policy }) => policy.key === current.key)?.policy),
    );
  });
}

function beforeFilling(listener: string, current: ObservedPolicy, wanted: readonly OrderedPolicy[]): readonly Change[] {
  const ordered = wanted.find(({ policy }) => policy.key === current.key);
  if (current.rules.length >= (ordered?.policy.rules.length ?? rulesOfKey(current.key))) return [];
  if (ordered === undefined) return [{ type: 'deletePolicy', listener, policy: current.key }];
  const { policy, rank } = ordered;
  const takesBefore = (other: OrderedPolicy) =>
    (other.rank < rank || actionClass(other.policy.action) < actionClass(policy.action)) &&
    shapesOverlap(policyShape(other.policy), policyShape(policy));
  const mustWait = policy.redirectPool !== current.redirectPool || wanted.some(takesBefore);
  return mustWait ? [disable(listener, current)] : complete(listener, current, policy);
}

function complete(listener: string, current: ObservedPolicy, wanted: L7Policy | undefined): readonly Change[] {
  if (wanted === undefined || current.rules.length >= wanted.rules.length) return [];
  const { added, removed } = compareRules(current.rules, wanted.rules);
  if (removed.length > 0) return [disable(listener, current)];
  return createRules({ listener, policy: current.key }, added);
}

function disable(listener: string, { key }: ObservedPolicy): Change {
  return { type: 'updatePolicy', listener, policy: key, patch: { enabled: false } };
}
