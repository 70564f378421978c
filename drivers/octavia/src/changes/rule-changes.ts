import { ifThere, type L7RuleFields, type L7Rule as OctaviaRule } from '@kuryr-l7/openstack';
import { type L7Rule, sameRule } from '@kuryr-l7/router';
import type { KnownPolicy, KnownRule } from '../snapshot/known-objects.js';
import { type ChangeOf, outdated, policyOf, type WriteContext } from './write-context.js';

type RuleChange = ChangeOf<'createRule' | 'updateRule' | 'deleteRule'>;

/** Nobody wants the same rule twice: one that is known was made by this change when it was tried before. */
export async function createRule(
  context: WriteContext,
  change: ChangeOf<'createRule'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, ownership } = context;
  const { rule } = change;
  const policy = policyOf(context, change);
  if (ruleOf(policy, rule) !== undefined) return;
  const fields: L7RuleFields = { ...ruleFields(rule), tags: [ownership.clusterTag] };
  context.rules.forget(policy.id);
  const { id } = await loadBalancer.write(
    {
      verb: 'create',
      kind: 'l7rule',
      name: `of l7policy ${change.policy}`,
      send: () => octavia.l7Rules.create(policy.id, fields),
      find: async () =>
        (await octavia.l7Rules.list(policy.id)).find(
          (one) =>
            one.type === fields.type &&
            one.compare_type === fields.compare_type &&
            one.value === fields.value &&
            (one.key ?? undefined) === rule.key &&
            one.invert === rule.invert,
        ),
    },
    signal,
  );
  setRules(context, change, policy, [...policy.rules, { id, rule }]);
  await settled(context, change, policy, id, signal);
}

export async function updateRule(
  context: WriteContext,
  change: ChangeOf<'updateRule'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer } = context;
  const policy = policyOf(context, change);
  const current = ruleOf(policy, change.from);
  if (current === undefined) {
    if (ruleOf(policy, change.to) !== undefined) return;
    throw outdated(change, 'the l7policy has no such rule');
  }
  const { id } = current;
  context.rules.forget(policy.id);
  const fields = { ...ruleFields(change.to), key: change.to.key ?? null };
  const send = () => octavia.l7Rules.update(policy.id, id, fields);
  await loadBalancer.write({ verb: 'update', kind: 'l7rule', name: `of l7policy ${change.policy}`, send }, signal);
  const others = policy.rules.filter((rule) => rule !== current);
  setRules(context, change, policy, [...others, { id, rule: change.to }]);
  await settled(context, change, policy, id, signal);
}

export async function deleteRule(
  context: WriteContext,
  change: ChangeOf<'deleteRule'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer } = context;
  const policy = policyOf(context, change);
  const current = ruleOf(policy, change.rule);
  if (current === undefined) return;
  context.rules.forget(policy.id);
  const send = () => ifThere(() => octavia.l7Rules.delete(policy.id, current.id));
  await loadBalancer.write({ verb: 'delete', kind: 'l7rule', name: `of l7policy ${change.policy}`, send }, signal);
  await loadBalancer.gone(`an l7rule of l7policy ${change.policy}`, () => octavia.l7Rules.get(policy.id, current.id));
  setRules(
    context,
    change,
    policy,
    policy.rules.filter((rule) => rule !== current),
  );
}

/**
 * A rule that HAProxy refuses goes to ERROR with its policy; either may be told first. All rules of the policy are asked for:
 * Octavia takes no longer for them than for one, and they need not be read again then.
 */
async function settled(
  context: WriteContext,
  change: RuleChange,
  { id: policyId }: KnownPolicy,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, rules } = context;
  const policy = await loadBalancer.settled(
    `l7policy ${change.policy}`,
    () => octavia.l7Policies.get(policyId),
    signal,
  );
  let read: readonly OctaviaRule[] = [];
  await loadBalancer.settled(
    `an l7rule of l7policy ${change.policy}`,
    async () => {
      read = await octavia.l7Rules.list(policyId);
      const rule = read.find((one) => one.id === id);
      if (rule === undefined) throw outdated(change, 'somebody else has deleted the l7rule');
      return rule;
    },
    signal,
  );
  rules.remember(policy, read, loadBalancer.lockTime);
}

function setRules({ known }: WriteContext, change: RuleChange, policy: KnownPolicy, rules: readonly KnownRule[]): void {
  known.setPolicy(change.listener, change.policy, { ...policy, rules });
}

function ruleOf({ rules }: KnownPolicy, wanted: L7Rule): KnownRule | undefined {
  return rules.find(({ rule }) => sameRule(rule, wanted));
}

function ruleFields({ type, compareType, key, value, invert }: L7Rule): L7RuleFields {
  return { type, compare_type: compareType, ...(key !== undefined && { key }), value, invert };
}
