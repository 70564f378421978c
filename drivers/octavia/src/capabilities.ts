import type { PoolDefaults, RouterCapabilities } from '@kuryr-l7/router';
import { MISREAD_CHARACTERS } from './poison/rule-facts.js';

/**
 * What the amphora provider makes of Octavia's API v2. Rules can't be given with their policy, nor members with their pool
 * (500, measured on 11.0.0 and 16.0.0).
 *
 * @param notFoundPool what a pool on the router that answers 404 is called in snapshots
 * @param pool what kuryr.conf says of pools
 */
export function octaviaCapabilities(
  notFoundPool?: string,
  { lbAlgorithm, healthMonitor }: PoolDefaults = {},
): RouterCapabilities {
  return {
    actions: ['REJECT', 'REDIRECT_TO_URL', 'REDIRECT_PREFIX', 'REDIRECT_TO_POOL'],
    ruleTypes: ['HOST_NAME', 'PATH', 'HEADER', 'COOKIE', 'FILE_TYPE'],
    compareTypes: ['EQUAL_TO', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'REGEX'],
    lbAlgorithms: ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'],
    healthMonitors: true,
    memberWeights: true,
    backupMembers: true,
    maxRuleValueLength: 255,
    maxRulesPerPolicy: 50,
    forbiddenCharacters: MISREAD_CHARACTERS,
    policyWithRules: false,
    poolWithMembers: false,
    sharedPolicies: true,
    atomicReplace: false,
    ...(notFoundPool !== undefined && { notFoundPool }),
    poolDefaults: { ...(lbAlgorithm && { lbAlgorithm }), ...(healthMonitor && { healthMonitor }) },
  };
}
