interface Pending {
  readonly since: number;
  /** When that was told last; `since` where it was not. */
  readonly toldAt: number;
}

/**
 * Since when load balancers have been PENDING, or have taken no writes, as far as this process has seen. Times are
 * milliseconds of one clock.
 */
export class PendingLoadBalancers {
  readonly #pending = new Map<string, Pending>();

  /** @returns since when it has been */
  see(id: string, now: number): number {
    const { since, toldAt } = this.#pending.get(id) ?? { since: now, toldAt: now };
    this.#pending.set(id, { since, toldAt });
    return since;
  }

  /** It is PENDING no more. */
  end(id: string): void {
    this.#pending.delete(id);
  }

  /** True once in each `interval` that it is PENDING. */
  isToBeTold(id: string, now: number, interval: number): boolean {
    const one = this.#pending.get(id);
    if (one === undefined || now - one.toldAt < interval) return false;
    this.#pending.set(id, { ...one, toldAt: now });
    return true;
  }
}
