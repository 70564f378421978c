/** Milliseconds: who waits looks every few seconds, so what nobody has seen for longer had ended meanwhile. */
const LONGEST_GAP = 60_000;

interface Pending {
  readonly since: number;
  readonly seenAt: number;
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
    const last = this.#pending.get(id);
    const goesOn = last !== undefined && now - last.seenAt <= LONGEST_GAP;
    const one = goesOn ? last : { since: now, toldAt: now };
    this.#pending.set(id, { ...one, seenAt: now });
    return one.since;
  }

  /** It is PENDING no more, or is answered otherwise. */
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
