import type { Change } from '../../change.js';
import type { L7Policy, L7Rule, L7RuleType } from '../../model.js';
import { compareText, hostText } from '../../policy-order.js';
import { hostsCover, pathsCover, policyShape, shapeCovers } from '../../policy-shape.js';
import { type HostForm, hostsRule, type PathForm, pathsRule } from '../../rule-forms.js';
import type { PolicyDifference } from './policy-difference.js';
import { createRules, type RuleDifference, type RuleOwner } from './rules.js';

/**
 * What other rules do to a policy that is live before and after: it matches more requests, or fewer, or some instead of
 * others. `same` where the rules are, `unknown` where one of them is not of our forms.
 */
export type Reshaping = 'same' | 'wider' | 'narrower' | 'crossing' | 'unknown';

export function reshapingOf({ current, wanted, rules }: PolicyDifference): Reshaping {
  if (rules.added.length + rules.removed.length === 0) return 'same';
  const [before, after] = [policyShape(current), policyShape(wanted)];
  if (!before.exact || !after.exact) return 'unknown';
  if (shapeCovers(after, before)) return 'wider';
  return shapeCovers(before, after) ? 'narrower' : 'crossing';
}

/**
 * The writes that make one shape the other, where one covers the other: at every step the policy matches what it matches
 * both before and after, and never more than before and after together.
 */
export function reshape(owner: RuleOwner, { added, removed }: RuleDifference): readonly Change[] {
  const isOf = (type: L7RuleType) => (rule: L7Rule) => rule.type === type;
  const replaced = removed.flatMap((from) => {
    const to = added.find(isOf(from.type));
    return to === undefined ? [] : [{ type: 'updateRule' as const, ...owner, from, to }];
  });
  const created = added.filter(({ type }) => !removed.some(isOf(type)));
  const deleted = removed.filter(({ type }) => !added.some(isOf(type)));
  return [
    ...replaced,
    ...createRules(owner, created),
    ...deleted.map((rule): Change => ({ type: 'deleteRule', ...owner, rule })),
  ];
}

/** The policy as it is now, matching what is wanted besides. Undefined where no rules that the router takes say just that. */
export function widened(current: L7Policy, wanted: L7Policy, maxRuleValueLength: number): L7Policy | undefined {
  const [before, after] = [policyShape(current), policyShape(wanted)];
  const sameHosts = hostsCover(before, after) && hostsCover(after, before);
  const samePaths = pathsCover(before, after) && pathsCover(after, before);
  let rule: L7Rule | undefined;
  if (samePaths && before.hosts && after.hosts) rule = unionOfHosts([...before.hosts, ...after.hosts]);
  else if (sameHosts && before.paths && after.paths) rule = unionOfPaths([...before.paths, ...after.paths]);
  if (rule === undefined || rule.value.length > maxRuleValueLength) return undefined;
  const { type } = rule;
  return { ...current, rules: [...current.rules.filter((other) => other.type !== type), rule] };
}

function unionOfHosts(hosts: readonly HostForm[]): L7Rule | undefined {
  if (new Set(hosts.map(({ kind }) => kind)).size > 1) return undefined;
  const byText = new Map(hosts.map((host) => [hostText(host), host]));
  return hostsRule([...byText].sort(([a], [b]) => compareText(a, b)).map(([, host]) => host));
}

function unionOfPaths(paths: readonly PathForm[]): L7Rule {
  const byText = new Map(paths.map((path) => [`${path.kind} ${path.path}`, path]));
  return pathsRule([...byText].sort(([a], [b]) => compareText(a, b)).map(([, path]) => path));
}
