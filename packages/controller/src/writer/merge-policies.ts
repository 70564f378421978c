import { type Compilation, type L7Policy, comparePolicies } from '@kuryr-l7/router';

/** The policies of several route sources in one order of evaluation. Two with one key: the first source's stands. */
export function mergePolicies(compilations: readonly Compilation[]): readonly L7Policy[] {
  const [first, ...others] = compilations;
  if (first === undefined) return [];
  if (others.length === 0) return first.policies;
  const byKey = new Map<string, L7Policy>();
  for (const { policies } of compilations) {
    for (const policy of policies) if (!byKey.has(policy.key)) byKey.set(policy.key, policy);
  }
  return [...byKey.values()].sort(comparePolicies);
}
