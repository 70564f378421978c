import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { L7Policy, ObservedPolicy, ObservedRouter, Router } from '../model.js';
import { isLive } from './evaluation-order.js';
import { compareRules } from './rules.js';

/**
 * What has to be done first with policies that lead to an empty pool and lack rules, because somebody was stopped while
 * making them (see `poolsFilledLast`): they match too much, and would send the members that the pool is given what these
 * are not meant to get. They are completed; or disabled until the rest of the plan has made them what is wanted, where that
 * is something else. Where the pool is given members, whatever else leads to it and is not wanted any more goes before,
 * since it may lack rules too.
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
  return observed.listeners.flatMap((listener) => {
    const policies = desired.listeners.find(({ key }) => key === listener.key)?.policies ?? [];
    return listener.policies
      .filter((policy) => policy.foreign !== true && isLive(policy) && empty.has(policy.redirectPool ?? ''))
      .flatMap((current) =>
        complete(
          listener.key,
          current,
          policies.find(({ key }) => key === current.key),
          filled.has(current.redirectPool ?? ''),
        ),
      );
  });
}

function complete(
  listener: string,
  current: ObservedPolicy,
  wanted: L7Policy | undefined,
  filled: boolean,
): readonly Change[] {
  const policy = current.key;
  const disabling: Change = { type: 'updatePolicy', listener, policy, patch: { enabled: false } };
  if (wanted === undefined) return filled ? [{ type: 'deletePolicy', listener, policy }] : [];
  if (!wanted.enabled) return filled ? [disabling] : [];
  if (current.rules.length >= wanted.rules.length) return [];
  const { added, removed } = compareRules(current.rules, wanted.rules);
  const staysWithPool = wanted.redirectPool === current.redirectPool;
  if (removed.length > 0 || (filled && !staysWithPool)) return [disabling];
  return added.map((rule): Change => ({ type: 'createRule', listener, policy, rule }));
}
