import type { Change, L7PolicyPatch } from './change.js';
import { ChangeRefusedError } from './change-refused-error.js';
import type { L7Policy, L7Rule, ObservedPolicy, ObservedRouter } from './model.js';
import { sameRule } from './model-equality.js';

export type PolicyChange = Extract<Change, { readonly listener: string }>;

/** @throws ChangeRefusedError */
export function applyPolicyChange(observed: ObservedRouter, change: PolicyChange): ObservedRouter {
  const index = observed.listeners.findIndex(({ key }) => key === change.listener);
  const listener = observed.listeners[index];
  if (listener === undefined) throw new ChangeRefusedError(change, 'the router has no such listener');
  const policies = changedPolicies(observed, listener.policies, change);
  return { ...observed, listeners: observed.listeners.with(index, { ...listener, policies }) };
}

function changedPolicies(
  observed: ObservedRouter,
  policies: readonly ObservedPolicy[],
  change: PolicyChange,
): readonly ObservedPolicy[] {
  const key = change.type === 'createPolicy' ? change.policy.key : change.policy;
  const index = policies.findIndex((policy) => policy.foreign !== true && policy.key === key);
  const policy = policies[index];
  if (change.type === 'createPolicy') {
    if (policy !== undefined) throw new ChangeRefusedError(change, 'a policy of this key is there; update it instead');
    refuseIncomplete(observed, change, change.policy);
    return inserted(change, policies, change.policy, change.position);
  }
  if (policy === undefined)
    throw new ChangeRefusedError(change, 'no policy of this cluster has that key; create it first');
  if (change.type === 'deletePolicy') return policies.toSpliced(index, 1);
  if (change.type === 'updatePolicy') {
    const patched = patchedPolicy(policy, change.patch);
    refuseIncomplete(observed, change, patched);
    if (change.position === undefined) return policies.with(index, patched);
    return inserted(change, policies.toSpliced(index, 1), patched, change.position);
  }
  if (policy.failed === true)
    throw new ChangeRefusedError(change, 'the policy is in ERROR; delete it and make it anew');
  return policies.with(index, { ...policy, rules: changedRules(change, policy.rules) });
}

/** Octavia's insertion: 1-based, shifts what stands there and after; beyond the end or absent, it appends. */
function inserted(
  change: PolicyChange,
  policies: readonly ObservedPolicy[],
  policy: ObservedPolicy,
  position = policies.length + 1,
): readonly ObservedPolicy[] {
  if (!Number.isInteger(position) || position < 1) throw new ChangeRefusedError(change, 'positions start at 1');
  return policies.toSpliced(position - 1, 0, policy);
}

/** A patch that names the action replaces all that belongs to the action before; Octavia clears those fields itself. */
function patchedPolicy(policy: ObservedPolicy, patch: L7PolicyPatch): ObservedPolicy {
  const { failed: _healed, ...current } = policy;
  if (patch.action === undefined) return { ...current, ...patch };
  const { redirectPool, redirectUrl, redirectPrefix, redirectHttpCode, statusCode, ...rest } = current;
  return { ...rest, ...patch };
}

function refuseIncomplete(observed: ObservedRouter, change: PolicyChange, policy: L7Policy): void {
  const { action, redirectPool, redirectUrl, redirectPrefix, statusCode } = policy;
  if (action === 'REDIRECT_TO_POOL' && redirectPool === undefined)
    throw new ChangeRefusedError(change, 'it names no pool');
  if (redirectPool !== undefined && !observed.pools.some(({ name }) => name === redirectPool)) {
    throw new ChangeRefusedError(change, `pool ${redirectPool} is not there; create it first`);
  }
  if (action === 'REDIRECT_TO_URL' && redirectUrl === undefined)
    throw new ChangeRefusedError(change, 'it names no URL');
  if (action === 'REDIRECT_PREFIX' && redirectPrefix === undefined) {
    throw new ChangeRefusedError(change, 'it names no URL prefix');
  }
  if (action === 'FIXED_RESPONSE' && statusCode === undefined)
    throw new ChangeRefusedError(change, 'it names no status');
}

type RuleChange = Extract<PolicyChange, { readonly type: 'createRule' | 'updateRule' | 'deleteRule' }>;

function changedRules(change: RuleChange, rules: readonly L7Rule[]): readonly L7Rule[] {
  if (change.type === 'createRule') return [...rules, change.rule];
  const wanted = change.type === 'updateRule' ? change.from : change.rule;
  const index = rules.findIndex((rule) => sameRule(rule, wanted));
  if (index < 0) throw new ChangeRefusedError(change, 'the policy has no such rule');
  return change.type === 'updateRule' ? rules.with(index, change.to) : rules.toSpliced(index, 1);
}
