import { actionClass } from './action-class.js';
import { HostGroups } from './host-groups.js';
import type { L7Policy } from './model.js';
import { ROUTER_DEFAULT_KEY } from './policy-key.js';
import { policyShape, shapesOverlap } from './policy-shape.js';
import type { HostForm } from './rule-forms.js';

/**
 * Where a policy stands among those of its listener: by band, then host, then rank. Exact hosts come before wildcards,
 * those before policies for any host, and the router-wide default last; within a host, Exact paths before Prefixes, longer
 * Prefixes before shorter ones, and what takes the rest of the host last. A policy for several paths stands where the
 * first of them would.
 */
export interface PolicyOrder {
  /** 0 exact host, 1 wildcard host, 2 any host, 3 router-wide default. */
  readonly band: 0 | 1 | 2 | 3;
  /** `www.example.com`, `*.example.com`, or '' for any host; of several hosts the first by name. */
  readonly host: string;
  readonly rank: PolicyRank;
}

/** Place within the host. */
export interface PolicyRank {
  /** 0 Exact, 1 Prefix, 2 the rest of the host. */
  readonly kind: 0 | 1 | 2;
  /** '' for the rest of the host. */
  readonly path: string;
}

const orders = new WeakMap<L7Policy, PolicyOrder>();

/** Policies are immutable, so each is looked at once. */
export function policyOrder(policy: L7Policy): PolicyOrder {
  let order = orders.get(policy);
  if (order === undefined) {
    order = readOrder(policy);
    orders.set(policy, order);
  }
  return order;
}

function readOrder(policy: L7Policy): PolicyOrder {
  const { hosts, paths } = policyShape(policy);
  const [rank = { kind: 2, path: '' }] = (paths ?? [])
    .map(({ kind, path }): PolicyRank => ({ kind: kind === 'exact' ? 0 : 1, path }))
    .sort(comparePolicyRank);
  if (policy.key === ROUTER_DEFAULT_KEY) return { band: 3, host: '', rank };
  if (hosts === undefined) return { band: 2, host: '', rank };
  const [host = ''] = hosts.map(hostText).sort(compareText);
  return { band: hosts[0]?.kind === 'wildcard' ? 1 : 0, host, rank };
}

/** A policy and what decides about its place. */
export interface GroupedPolicy {
  readonly policy: L7Policy;
  readonly order: PolicyOrder;
  /**
   * The host of the policy, or, where hosts share policies, directly or by way of others, the first of all of them by
   * name: they are put in order together, by rank, since what they share stands in one place for all of them.
   */
  readonly group: string;
}

/** In order of evaluation; policies of one host, kind of path and path stay as they are listed. */
export function inPolicyOrder(policies: readonly L7Policy[]): readonly GroupedPolicy[] {
  const groups = new HostGroups();
  for (const policy of policies) {
    const { hosts = [] } = policyShape(policy);
    if (hosts.length > 1) groups.join(hosts.map(hostText));
  }
  return policies
    .map((policy): GroupedPolicy => {
      const order = policyOrder(policy);
      return { policy, order, group: groups.groupOf(order.host) };
    })
    .sort(
      (a, b) =>
        a.order.band - b.order.band ||
        compareText(a.group, b.group) ||
        comparePolicyRank(a.order.rank, b.order.rank) ||
        compareText(a.order.host, b.order.host),
    );
}

export function comparePolicyRank(a: PolicyRank, b: PolicyRank): number {
  const byLength = a.kind === 1 ? b.path.length - a.path.length : 0;
  return a.kind - b.kind || byLength || compareText(a.path, b.path);
}

/** By UTF-16 code units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** As an Ingress writes it. */
export function hostText(host: HostForm): string {
  return host.kind === 'exact' ? host.host : `*.${host.parent}`;
}

/**
 * Does the order of two policies of one listener matter: is there a request that both match, and are they of the same
 * action class? Exact for policies of our forms; where a rule is of another form, it says yes rather than no.
 */
export function policiesConflict(a: L7Policy, b: L7Policy): boolean {
  return actionClass(a.action) === actionClass(b.action) && shapesOverlap(policyShape(a), policyShape(b));
}
