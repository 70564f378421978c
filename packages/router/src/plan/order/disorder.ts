import type { OrderedPolicy } from './evaluation-order.js';

/** Standing policies that are out of the order in which new ones are put, by what they are out of order with. */
export interface Disorder {
  /** With policies of another band, and whoever is out of order in the groups of these. */
  readonly acrossBands: readonly OrderedPolicy[];
  /** Only with others of their own group of hosts: one list for each group. */
  readonly withinGroups: readonly (readonly OrderedPolicy[])[];
}

/** @param standing in order of position */
export function findDisorder(standing: readonly OrderedPolicy[]): Disorder {
  const bands = new Set<OrderedPolicy>();
  const ranks = new Set<OrderedPolicy>();
  let lastBand = 0;
  const lastOfGroup = new Map<string, number>();
  for (const policy of standing) {
    const { order, group, rank } = policy;
    const last = lastOfGroup.get(group) ?? -1;
    if (order.band < lastBand) bands.add(policy);
    else lastBand = order.band;
    if (rank < last) ranks.add(policy);
    else lastOfGroup.set(group, rank);
  }
  if (bands.size + ranks.size === 0) return { acrossBands: [], withinGroups: [] };

  let firstBand = Number.POSITIVE_INFINITY;
  const firstOfGroup = new Map<string, number>();
  for (const policy of standing.toReversed()) {
    const { order, group, rank } = policy;
    const first = firstOfGroup.get(group) ?? Number.POSITIVE_INFINITY;
    if (order.band > firstBand) bands.add(policy);
    else firstBand = order.band;
    if (rank > first) ranks.add(policy);
    else firstOfGroup.set(group, rank);
  }
  const mixedGroups = new Set(Array.from(bands, ({ group }) => group));
  const suspects = standing.filter((policy) => bands.has(policy) || ranks.has(policy));
  return {
    acrossBands: suspects.filter(({ group }) => mixedGroups.has(group)),
    withinGroups: byGroup(suspects.filter(({ group }) => !mixedGroups.has(group))),
  };
}

export function byGroup(policies: readonly OrderedPolicy[]): readonly (readonly OrderedPolicy[])[] {
  const groups = new Map<string, OrderedPolicy[]>();
  for (const policy of policies) {
    const others = groups.get(policy.group);
    if (others === undefined) groups.set(policy.group, [policy]);
    else others.push(policy);
  }
  return [...groups.values()];
}
