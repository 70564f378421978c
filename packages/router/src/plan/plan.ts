import { applyChange } from '../apply-change.js';
import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { ObservedRouter, Router } from '../model.js';
import { editListener, inSafeOrder, type ListenerEdits } from './policies/policies.js';
import type { Edit } from './policies/policy-edits.js';
import { planPools } from './pools/pools.js';
import { poolsFilledLast } from './unfinished/filled-last.js';
import { planHalfMade } from './unfinished/half-made.js';
import { planHealing } from './unfinished/healing.js';

/**
 * The writes that make the observed router the desired one, in the order in which to make them; none if nothing differs.
 * What is not ours is neither changed nor deleted, and none of our pools that it leads to is deleted.
 *
 * 1. Failed policies and pools of ours are deleted, to be made anew.
 * 2. Policies that were left half-made are completed before their empty pool gets members; see `planHalfMade`.
 * 3. Members that go or drain, before requests are sent to Pods that are no more; then the other changes of pools.
 * 4. New pools, with their members, before the policies that lead to them.
 * 5. Policies, so that no request is decided otherwise than before all or after all; see `inSafeOrder`. Only what nothing
 *    takes before may meanwhile get the 503 of an empty pool: pools of which that is all that can happen get their members
 *    after the policies of the first source that leads to them, which saves writes; see `poolsFilledLast`.
 * 6. Pools that no policy leads to any more.
 *
 * After any of them the plan may be dropped and another be made from what is there then, for the same or for a newer
 * desired router. Where a router can exchange everything in one write, the changes tell what that write comes to.
 *
 * @param desired policies in an order that agrees with `inPolicyOrder`, enabled but for those that are to stay disabled as
 *   the router has them, the rule for their hosts first, keys unique within a listener, and pools for all that policies lead
 *   to, but for pools of other people. Listeners that it leaves out shall have no policy of ours.
 * @param observed keys of our policies are unique within a listener, and so are names of our pools: a driver that finds
 *   one twice names the second differently, and it is deleted
 */
export function plan(desired: Router, observed: ObservedRouter, capabilities: RouterCapabilities): Change[] {
  const healing = planHealing(desired, observed, capabilities);
  const healed = healing.reduce(applyChange, observed);
  const completing = planHalfMade(desired, healed, capabilities);
  const sound = completing.reduce(applyChange, healed);
  const listeners = editListeners(desired, sound, capabilities);
  const edits = inSafeOrder(listeners.flatMap((listener) => listener.edits));
  const filledLast = poolsFilledLast(desired, sound, listeners, edits, capabilities);
  const pools = planPools(desired, sound, capabilities, new Set(filledLast.keys()));
  return [
    ...healing,
    ...completing,
    ...pools.reductions,
    ...pools.updates,
    ...pools.creations,
    ...writeEdits(edits, filledLast, pools.fillings),
    ...pools.deletions,
  ];
}

function editListeners(
  desired: Router,
  observed: ObservedRouter,
  capabilities: RouterCapabilities,
): readonly ListenerEdits[] {
  const wanted = new Map(desired.listeners.map((listener) => [listener.key, listener]));
  const there = new Set(observed.listeners.map(({ key }) => key));
  const missing = desired.listeners.filter(({ key }) => !there.has(key));
  return [...observed.listeners, ...missing.map((listener) => ({ ...listener, policies: [] }))].map((listener) =>
    editListener(wanted.get(listener.key) ?? { policies: [] }, listener, capabilities),
  );
}

/** The writes of the edits in turn, and the members of each pool that is filled last right after its last half-made policy. */
function writeEdits(
  edits: readonly Edit[],
  filledLast: ReadonlyMap<string, readonly Edit[]>,
  fillings: ReadonlyMap<string, Change>,
): readonly Change[] {
  const halfMade = new Set([...filledLast.values()].flat());
  const fillingAfter = new Map([...filledLast].map(([pool, first]) => [first.at(-1), fillings.get(pool)]));
  return edits.flatMap((edit) => {
    const filling = fillingAfter.get(edit);
    return [...edit.write(halfMade.has(edit)), ...(filling === undefined ? [] : [filling])];
  });
}
