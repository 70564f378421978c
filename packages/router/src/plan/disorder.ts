import type { OrderedPolicy } from './evaluation-order.js';

/** Standing policies that are out of the order in which new ones are put, by what they are out of order with. */
export interface Disorder {
  /** With policies of another band, and whoever is out of order on the hosts of these. */
  readonly acrossBands: readonly OrderedPolicy[];
  /** Only with others of their own host: one list for each host. */
  readonly withinHosts: readonly (readonly OrderedPolicy[])[];
}

/** @param standing in order of position */
export function findDisorder(standing: readonly OrderedPolicy[]): Disorder {
  const bands = new Set<OrderedPolicy>();
  const ranks = new Set<OrderedPolicy>();
  let lastBand = 0;
  const lastOfHost = new Map<string, number>();
  for (const policy of standing) {
    const { order, rank } = policy;
    const last = lastOfHost.get(order.host) ?? -1;
    if (order.band < lastBand) bands.add(policy);
    else lastBand = order.band;
    if (rank < last) ranks.add(policy);
    else lastOfHost.set(order.host, rank);
  }
  if (bands.size + ranks.size === 0) return { acrossBands: [], withinHosts: [] };

  let firstBand = Number.POSITIVE_INFINITY;
  const firstOfHost = new Map<string, number>();
  for (const policy of standing.toReversed()) {
    const { order, rank } = policy;
    const first = firstOfHost.get(order.host) ?? Number.POSITIVE_INFINITY;
    if (order.band > firstBand) bands.add(policy);
    else firstBand = order.band;
    if (rank > first) ranks.add(policy);
    else firstOfHost.set(order.host, rank);
  }
  const mixedHosts = new Set(Array.from(bands, ({ order }) => order.host));
  const suspects = standing.filter((policy) => bands.has(policy) || ranks.has(policy));
  return {
    acrossBands: suspects.filter(({ order }) => mixedHosts.has(order.host)),
    withinHosts: byHost(suspects.filter(({ order }) => !mixedHosts.has(order.host))),
  };
}

export function byHost(policies: readonly OrderedPolicy[]): readonly (readonly OrderedPolicy[])[] {
  const hosts = new Map<string, OrderedPolicy[]>();
  for (const policy of policies) {
    const others = hosts.get(policy.order.host);
    if (others === undefined) hosts.set(policy.order.host, [policy]);
    else others.push(policy);
  }
  return [...hosts.values()];
}
