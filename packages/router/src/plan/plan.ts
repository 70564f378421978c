import { applyChange } from '../apply-change.js';
import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { ObservedRouter, Router } from '../model.js';
import { planHealing } from './healing.js';
import { planPolicies } from './policies.js';
import { planPools } from './pools.js';

/**
 * The writes that make the observed router the desired one, in the order in which to make them; none if nothing differs.
 * What is not ours is neither changed nor deleted, and none of our pools that it leads to is deleted.
 *
 * 1. Failed policies and pools of ours are deleted, to be made anew.
 * 2. Members that go or drain, before requests are sent to Pods that are no more; then the other changes of pools.
 * 3. New pools, with their members, before the policies that lead to them.
 * 4. Policies, so that no request is decided otherwise than before all or after all; see `planPolicies`.
 * 5. Pools that no policy leads to any more.
 *
 * After any of them the plan may be dropped and another be made from what is there then, for the same or for a newer
 * desired router. Where a router can exchange everything in one write, the changes tell what that write comes to.
 *
 * @param desired policies in an order that agrees with `comparePolicyOrder`, keys unique within a listener, and pools for
 *   all that policies lead to, but for pools of other people. Listeners that it leaves out shall have no policy of ours.
 * @param observed keys of our policies are unique within a listener, and so are names of our pools: a driver that finds
 *   one twice names the second differently, and it is deleted
 */
export function plan(desired: Router, observed: ObservedRouter, capabilities: RouterCapabilities): Change[] {
  const healing = planHealing(desired, observed, capabilities);
  const healed = healing.reduce(applyChange, observed);
  const pools = planPools(desired, healed, capabilities);
  return [
    ...healing,
    ...pools.reductions,
    ...pools.updates,
    ...pools.creations,
    ...planListeners(desired, healed, capabilities),
    ...pools.deletions,
  ];
}

function planListeners(desired: Router, observed: ObservedRouter, capabilities: RouterCapabilities): readonly Change[] {
  const wanted = new Map(desired.listeners.map((listener) => [listener.key, listener]));
  const there = new Set(observed.listeners.map(({ key }) => key));
  const missing = desired.listeners.filter(({ key }) => !there.has(key));
  return [...observed.listeners, ...missing.map((listener) => ({ ...listener, policies: [] }))].flatMap((listener) =>
    planPolicies(wanted.get(listener.key) ?? { policies: [] }, listener, capabilities),
  );
}
