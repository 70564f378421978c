import type { L7Rule } from '@kuryr-l7/router';

export interface KnownRule {
  readonly id: string;
  readonly rule: L7Rule;
}

/** A policy of ours and what has to be known to change it. */
export interface KnownPolicy {
  readonly id: string;
  readonly tags: readonly string[];
  /** The enabled ones. */
  readonly rules: readonly KnownRule[];
}

/** A pool of ours. */
export interface KnownPool {
  readonly id: string;
  readonly tags: readonly string[];
}

/** Which object of Octavia stands for which of our keys: from the last snapshot, and from what was made since. */
export class KnownObjects {
  /** Ids by listener key. */
  readonly listeners = new Map<string, string>();
  readonly #policies = new Map<string, KnownPolicy>();
  readonly #orders = new Map<string, readonly string[]>();
  /** By name as the snapshot tells it. */
  readonly pools = new Map<string, KnownPool>();
  /** Ids of other people's pools, by name as the snapshot tells it. */
  readonly foreignPools = new Map<string, string>();
  /** What can't be changed and can't be deleted, by the key or name that it would have; its state. */
  readonly #stuck = new Map<string, string>();

  policy(listener: string, key: string): KnownPolicy | undefined {
    return this.#policies.get(`${listener} ${key}`);
  }

  setPolicy(listener: string, key: string, policy: KnownPolicy): void {
    this.#policies.set(`${listener} ${key}`, policy);
  }

  deletePolicy(listener: string, key: string): void {
    const id = this.policy(listener, key)?.id;
    this.#policies.delete(`${listener} ${key}`);
    const order = this.#orders.get(listener);
    if (order !== undefined)
      this.setOrder(
        listener,
        order.filter((one) => one !== id),
      );
  }

  /**
   * Ids of all policies of the listener, other people's too, by position: what positions are planned from. Undefined where
   * nobody has planned from what was read.
   */
  order(listener: string): readonly string[] | undefined {
    return this.#orders.get(listener);
  }

  setOrder(listener: string, ids: readonly string[]): void {
    this.#orders.set(listener, ids);
  }

  /** A policy of ours was put there, by Octavia's rules: it shifts what stands there and after; absent, it is the last. */
  place(listener: string, id: string, position: number = Number.POSITIVE_INFINITY): void {
    const order = this.#orders.get(listener);
    if (order !== undefined) this.setOrder(listener, order.filter((one) => one !== id).toSpliced(position - 1, 0, id));
  }

  forgetOrders(): void {
    this.#orders.clear();
  }

  /** Id of the pool, ours or not, that a policy names. */
  poolId(name: string): string | undefined {
    return this.pools.get(name)?.id ?? this.foreignPools.get(name);
  }

  setStuck(kind: 'pool' | 'policy', key: string, state: string): void {
    this.#stuck.set(`${kind} ${key}`, state);
  }

  /** State of the object that keeps the place of a new one, if there is such. */
  stuck(kind: 'pool' | 'policy', key: string): string | undefined {
    return this.#stuck.get(`${kind} ${key}`);
  }
}
