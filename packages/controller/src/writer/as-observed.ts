import type { L7Policy, ObservedPolicy, ObservedPool, ObservedRouter, Pool, Router } from '@kuryr-l7/router';

/** What a router has after everything of ours on it was exchanged for `router`. */
export function asObserved(router: Router): ObservedRouter {
  return {
    listeners: router.listeners.map((listener) => ({ ...listener, policies: listener.policies.map(ownedPolicy) })),
    pools: router.pools.map(ownedPool),
  };
}

const ownedPolicy = (policy: L7Policy): ObservedPolicy => ({ ...policy, owned: true });
const ownedPool = (pool: Pool): ObservedPool => ({ ...pool, owned: true });
