import type { L7Policy } from '../../model.js';
import { type GroupedPolicy, inPolicyOrder, policiesConflict } from '../../policy-order.js';

/** A wanted policy and where it stands among the wanted policies of its listener. */
export interface OrderedPolicy extends GroupedPolicy {
  /** Place in the order of evaluation, from 0. */
  readonly rank: number;
}

const ordered = new WeakMap<readonly L7Policy[], readonly OrderedPolicy[]>();

/**
 * In order of evaluation; policies of one host, kind of path and path stay as they are listed. A list is put in order
 * once, since all listeners of a router have the same one.
 */
export function inEvaluationOrder(policies: readonly L7Policy[]): readonly OrderedPolicy[] {
  let list = ordered.get(policies);
  if (list === undefined) {
    list = inPolicyOrder(policies).map(({ policy, order, group }, rank) => ({ policy, order, group, rank }));
    ordered.set(policies, list);
  }
  return list;
}

/**
 * Where new policies are put: before what is of a later band, and before what is later of the same group of hosts.
 * Transitive, and it covers every pair that conflicts, so that a listener in this order is in order whatever its policies
 * match.
 */
export function comesBefore(a: OrderedPolicy, b: OrderedPolicy): boolean {
  return a.rank < b.rank && (a.order.band < b.order.band || a.group === b.group);
}

/** The order of the two matters to some request, and `a` is the first. What matches nothing is in nobody's way. */
export function mustPrecede(a: OrderedPolicy, b: OrderedPolicy): boolean {
  return comesBefore(a, b) && isLive(a.policy) && isLive(b.policy) && policiesConflict(a.policy, b.policy);
}

/** Can a request match it? */
export function isLive(policy: L7Policy): boolean {
  return policy.enabled && policy.rules.length > 0;
}
