import type { L7PolicyAction, L7RuleCompareType, L7RuleType, LbAlgorithm, Pool } from './model.js';

/** What pools have where no Ingress and no Service says otherwise. Without: ROUND_ROBIN and no health monitor. */
export type PoolDefaults = Partial<Pick<Pool, 'lbAlgorithm' | 'healthMonitor'>>;

/** What a router can express and how it is written. What it cannot do is refused at plan time with a reason, never dropped. */
export interface RouterCapabilities {
  readonly actions: readonly L7PolicyAction[];
  readonly ruleTypes: readonly L7RuleType[];
  readonly compareTypes: readonly L7RuleCompareType[];
  readonly lbAlgorithms: readonly LbAlgorithm[];
  /** Pools may have monitors. Those that are compiled have one where {@link poolDefaults} does; else only the conformance suite asks. */
  readonly healthMonitors: boolean;
  /** Member weights other than 1, and 0 for draining. Those that are compiled are 1; only the conformance suite asks. */
  readonly memberWeights: boolean;
  /** None is compiled; only the conformance suite asks. */
  readonly backupMembers: boolean;
  /** Longest rule value in characters (Octavia: 255). */
  readonly maxRuleValueLength: number;
  /** Most rules of one policy (Octavia: 50). */
  readonly maxRulesPerPolicy: number;
  /** Characters that must not occur in a host or path, beyond those no router carries (Octavia: `&<>'"`, HTML-escaped in haproxy.cfg, and `#`). */
  readonly forbiddenCharacters: string;
  /** A policy and its rules are one write. Otherwise a policy is given its rules one by one, disabled meanwhile where half of it could take requests from others. */
  readonly policyWithRules: boolean;
  /** A pool, its members and its monitor are one write. */
  readonly poolWithMembers: boolean;
  /**
   * Policies cost writes, or there may only be few: hosts and paths of one Ingress that lead to one target share a policy,
   * by alternation in a regular expression as long as `maxRuleValueLength` allows. Needs REGEX. Without it each path of a
   * host has a policy of its own, which is easier to read.
   */
  readonly sharedPolicies: boolean;
  /** The whole router can be exchanged in one write ({@link L7Router.replace} of `@kuryr-l7/plugin`). */
  readonly atomicReplace: boolean;
  /** Name of a pool on the router that answers 404, for routers without FIXED_RESPONSE. */
  readonly notFoundPool?: string;
  /** As the operator has configured the router. */
  readonly poolDefaults?: PoolDefaults;
}

/** Everything, each in one write: what the in-process router can do, and the default of tests. */
export const FULL_CAPABILITIES: RouterCapabilities = {
  actions: ['REJECT', 'REDIRECT_TO_URL', 'REDIRECT_PREFIX', 'REDIRECT_TO_POOL', 'FIXED_RESPONSE'],
  ruleTypes: ['HOST_NAME', 'PATH', 'HEADER', 'COOKIE', 'FILE_TYPE'],
  compareTypes: ['EQUAL_TO', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'REGEX'],
  lbAlgorithms: ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'],
  healthMonitors: true,
  memberWeights: true,
  backupMembers: true,
  maxRuleValueLength: 65_535,
  maxRulesPerPolicy: 1_000,
  forbiddenCharacters: '',
  policyWithRules: true,
  poolWithMembers: true,
  sharedPolicies: false,
  atomicReplace: true,
};
