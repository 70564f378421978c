import type { L7Policy, ObservedPolicy, ObservedPool, ObservedRouter, Pool, Router } from '@kuryr-l7/router';

/** Turns what is desired into what is observed. An object asked for twice is answered with the same object twice. */
export class Owned {
  readonly #policies = new WeakMap<L7Policy, ObservedPolicy>();
  readonly #pools = new WeakMap<Pool, ObservedPool>();
  readonly #policyLists = new WeakMap<readonly L7Policy[], readonly ObservedPolicy[]>();

  /** The desired router on the listeners that the observed one has; a listener that it does not name has no policies. */
  router(desired: Router, observed: ObservedRouter): ObservedRouter {
    const byKey = new Map(desired.listeners.map((listener) => [listener.key, listener.policies]));
    return {
      listeners: observed.listeners.map((listener) => {
        const policies = this.#policyList(byKey.get(listener.key) ?? []);
        return policies === listener.policies ? listener : { ...listener, policies };
      }),
      pools: desired.pools.map((pool) => remembered(this.#pools, pool)),
    };
  }

  #policyList(policies: readonly L7Policy[]): readonly ObservedPolicy[] {
    let list = this.#policyLists.get(policies);
    if (list === undefined) {
      list = policies.map((policy) => remembered(this.#policies, policy));
      this.#policyLists.set(policies, list);
    }
    return list;
  }
}

function remembered<T extends object>(memory: WeakMap<T, T & { owned: boolean }>, object: T): T & { owned: boolean } {
  const known = memory.get(object);
  if (known !== undefined) return known;
  const owned = { ...object, owned: true };
  memory.set(object, owned);
  return owned;
}
