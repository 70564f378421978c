import type { RouterCapabilities } from '../../capabilities.js';
import type { Change } from '../../change.js';
import type { ObservedRouter, Router } from '../../model.js';

/**
 * Deletes what failed, so that the rest of the plan makes it anew. Octavia keeps rendering objects in ERROR, and one that
 * HAProxy refuses holds up every later write for everybody; so this comes first.
 *
 * A failed pool goes only with nobody leading to it: our policies are taken off it first, disabled but with their rules
 * and positions kept. It stays while somebody else's policy leads to it, and, when nobody wants it any more, until our
 * policies have been switched away or deleted as usual.
 */
export function planHealing(desired: Router, observed: ObservedRouter, capabilities: RouterCapabilities): Change[] {
  const policies = observed.listeners.flatMap((listener) =>
    listener.policies
      .filter((policy) => policy.foreign !== true && policy.failed === true)
      .map((policy): Change => ({ type: 'deletePolicy', listener: listener.key, policy: policy.key })),
  );
  const failedPools = observed.pools.filter((pool) => pool.foreign !== true && pool.failed === true);
  return [...policies, ...failedPools.flatMap(({ name }) => healPool(name, desired, observed, capabilities))];
}

function healPool(
  pool: string,
  desired: Router,
  observed: ObservedRouter,
  capabilities: RouterCapabilities,
): readonly Change[] {
  const users = observed.listeners.flatMap((listener) =>
    listener.policies
      .filter(({ redirectPool, failed }) => redirectPool === pool && failed !== true)
      .map(({ key, foreign }) => ({ listener: listener.key, policy: key, foreign })),
  );
  const wanted = desired.pools.some(({ name }) => name === pool);
  if (users.some(({ foreign }) => foreign === true) || (users.length > 0 && !wanted)) return [];
  const canPark = capabilities.actions.includes('REJECT');
  return [
    ...users.map(
      ({ listener, policy }): Change =>
        canPark
          ? { type: 'updatePolicy', listener, policy, patch: { action: 'REJECT', enabled: false } }
          : { type: 'deletePolicy', listener, policy },
    ),
    { type: 'deletePool', pool },
  ];
}
