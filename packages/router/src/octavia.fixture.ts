import type { RouterCapabilities } from './capabilities.js';

/** What the driver `octavia` says, where the router has a pool that answers 404; a test of that driver compares. */
export const OCTAVIA: RouterCapabilities = {
  actions: ['REJECT', 'REDIRECT_TO_URL', 'REDIRECT_PREFIX', 'REDIRECT_TO_POOL'],
  ruleTypes: ['HOST_NAME', 'PATH', 'HEADER', 'COOKIE', 'FILE_TYPE'],
  compareTypes: ['EQUAL_TO', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'REGEX'],
  lbAlgorithms: ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'],
  healthMonitors: true,
  memberWeights: true,
  backupMembers: true,
  maxRuleValueLength: 255,
  maxRulesPerPolicy: 50,
  forbiddenCharacters: '&<>\'"#',
  policyWithRules: false,
  poolWithMembers: false,
  sharedPolicies: true,
  atomicReplace: false,
  poolDefaults: {},
  notFoundPool: 'not-found',
};
