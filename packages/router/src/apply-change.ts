import { applyPolicyChange } from './apply-policy-change.js';
import { applyPoolChange } from './apply-pool-change.js';
import type { Change } from './change.js';
import type { ObservedRouter } from './model.js';

/**
 * What a router has after one write, by Octavia's rules (API reference, and measured on Octavia 16): positions are dense,
 * an insertion shifts what stands after it, a deletion closes the gap, a position beyond the end appends; a pool that a
 * policy leads to stays; a rule of a failed policy and a member of a failed pool are refused. Names and keys mean objects
 * of this cluster only: what is `foreign` can be led to, and is never changed.
 *
 * What did not change is the same object as before.
 *
 * @throws ChangeRefusedError
 */
export function applyChange(observed: ObservedRouter, change: Change): ObservedRouter {
  return 'listener' in change ? applyPolicyChange(observed, change) : applyPoolChange(observed, change);
}
