import type { Change } from '../../change.js';
import type { L7Rule } from '../../model.js';
import { sameRule } from '../../model-equality.js';
import { sameList } from '../same-list.js';

/** The policy that rules are of. */
export interface RuleOwner {
  readonly listener: string;
  readonly policy: string;
}

/** What has to come and what has to go. Two equal rules in one policy are two rules (Octavia allows them). */
export interface RuleDifference {
  readonly added: readonly L7Rule[];
  readonly removed: readonly L7Rule[];
}

const NO_DIFFERENCE: RuleDifference = { added: [], removed: [] };

/** The rules of a policy are ANDed, so their order means nothing; Octavia lists them by id. */
export function compareRules(current: readonly L7Rule[], wanted: readonly L7Rule[]): RuleDifference {
  if (sameList(current, wanted, sameRule)) return NO_DIFFERENCE;
  const removed = [...current];
  const added: L7Rule[] = [];
  for (const rule of wanted) {
    const index = removed.findIndex((other) => sameRule(rule, other));
    if (index < 0) added.push(rule);
    else removed.splice(index, 1);
  }
  return { added, removed };
}

export function createRules(owner: RuleOwner, rules: readonly L7Rule[]): readonly Change[] {
  return rules.map((rule) => ({ type: 'createRule', ...owner, rule }));
}
