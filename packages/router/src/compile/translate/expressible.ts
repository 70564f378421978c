import type { RouterCapabilities } from '../../capabilities.js';
import type { L7Rule } from '../../model.js';

export interface RuleObstacle {
  /** The router lacks the kind of rule; otherwise this value is the trouble. */
  readonly unsupported: boolean;
  /** Completes the sentence "Host x ..." or "Path x ...". */
  readonly text: string;
}

/** Why a router cannot hold a rule, if so. */
export function ruleObstacle(rule: L7Rule, capabilities: RouterCapabilities): RuleObstacle | undefined {
  const { type, compareType, value } = rule;
  if (!capabilities.ruleTypes.includes(type) || !capabilities.compareTypes.includes(compareType)) {
    return { unsupported: true, text: `needs a ${type} ${compareType} rule, which this router does not have` };
  }
  const excess = value.length - capabilities.maxRuleValueLength;
  if (excess <= 0) return undefined;
  const limit = `${capabilities.maxRuleValueLength} characters that this router allows`;
  return {
    unsupported: false,
    text: `becomes a rule of ${value.length} characters, more than the ${limit}; shorten it by ${excess}`,
  };
}
