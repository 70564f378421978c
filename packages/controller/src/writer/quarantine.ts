import type { Refusal } from '@kuryr-l7/plugin';
import type { Change, Source } from '@kuryr-l7/router';
import { BackOff } from '../time/back-off.js';
import { type Holds, policyId } from './hold-routes.js';

const FIRST_RETRY = 30_000;
const LAST_RETRY = 600_000;

interface Entry {
  readonly backOff: BackOff;
  readonly refusal: Refusal;
  until: number;
}

/** What the router refused for good: held back until its time has come, so that everything else goes on. */
export class Quarantine {
  readonly #pools = new Map<string, Entry>();
  readonly #policies = new Map<string, Entry>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Puts the object that a refused change is about aside. */
  add(change: Change, source: Source, message: string): void {
    const [entries, id] =
      'listener' in change
        ? [
            this.#policies,
            policyId(change.listener, typeof change.policy === 'string' ? change.policy : change.policy.key),
          ]
        : [this.#pools, typeof change.pool === 'string' ? change.pool : change.pool.name];
    const backOff = entries.get(id)?.backOff ?? new BackOff(FIRST_RETRY, LAST_RETRY);
    const pool = entries === this.#pools ? { pool: id } : {};
    entries.set(id, { backOff, refusal: { source, message, ...pool }, until: this.now() + backOff.next() });
  }

  /** What is held now. */
  holds(unfilledPools: Iterable<string>): Holds {
    const pools = new Set(unfilledPools);
    const policies = new Set<string>();
    for (const [name, entry] of this.#pools) if (entry.until > this.now()) pools.add(name);
    for (const [id, entry] of this.#policies) if (entry.until > this.now()) policies.add(id);
    return { pools, policies };
  }

  /** Milliseconds until something is to be tried again; undefined when nothing is held. */
  nextRetry(): number | undefined {
    const waits = [...this.#pools.values(), ...this.#policies.values()].map(({ until }) => until - this.now());
    const due = waits.filter((wait) => wait > 0);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Something is to be tried again now. */
  get due(): boolean {
    return [...this.#pools.values(), ...this.#policies.values()].some(({ until }) => until <= this.now());
  }

  /** Everything planned is in effect: what is not held any more got through. */
  passed(): void {
    for (const entries of [this.#pools, this.#policies]) {
      for (const [id, entry] of entries) if (entry.until <= this.now()) entries.delete(id);
    }
  }

  refusals(): readonly Refusal[] {
    return [...this.#pools.values(), ...this.#policies.values()].map(({ refusal }) => refusal);
  }
}
