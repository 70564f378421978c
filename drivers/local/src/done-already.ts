import type { Change, L7Rule, ObservedPolicy, ObservedRouter } from '@kuryr-l7/router';

/**
 * Whether a change asks for what is so already: it was made before, and whoever made it does not know. What is there
 * already is created, what is gone already is deleted.
 */
export function doneAlready(observed: ObservedRouter, change: Change): boolean {
  switch (change.type) {
    case 'createPool':
      return observed.pools.some(({ name }) => name === change.pool.name);
    case 'deletePool':
      return !observed.pools.some(({ name }) => name === change.pool);
    case 'deleteHealthMonitor':
      return observed.pools.find(({ name }) => name === change.pool)?.healthMonitor === undefined;
    case 'createPolicy':
      return findPolicy(observed, change.listener, change.policy.key) !== undefined;
    case 'deletePolicy':
      return findPolicy(observed, change.listener, change.policy) === undefined;
    case 'createRule':
      return hasRule(findPolicy(observed, change.listener, change.policy), change.rule);
    case 'updateRule': {
      const policy = findPolicy(observed, change.listener, change.policy);
      return !hasRule(policy, change.from) && hasRule(policy, change.to);
    }
    case 'deleteRule': {
      const policy = findPolicy(observed, change.listener, change.policy);
      return policy !== undefined && !hasRule(policy, change.rule);
    }
    default:
      return false;
  }
}

function findPolicy(observed: ObservedRouter, listener: string, key: string): ObservedPolicy | undefined {
  return observed.listeners.find((one) => one.key === listener)?.policies.find((policy) => policy.key === key);
}

function hasRule(policy: ObservedPolicy | undefined, rule: L7Rule): boolean {
  return (
    policy?.rules.some(
      ({ type, compareType, key, value, invert }) =>
        type === rule.type &&
        compareType === rule.compareType &&
        key === rule.key &&
        value === rule.value &&
        invert === rule.invert,
    ) ?? false
  );
}
