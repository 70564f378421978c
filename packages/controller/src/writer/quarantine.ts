import { Backoff, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import type { Refusal } from '@kuryr-l7/plugin';
import type { Change, L7Policy, Pool, Source } from '@kuryr-l7/router';
import { type Holds, policyId } from './hold-routes.js';

const FIRST_RETRY = 30_000;
const LAST_RETRY = 600_000;

/** What is wanted now: a policy by its key, a pool by its name; undefined for what nobody wants. */
export interface Wanted {
  policy(key: string): L7Policy | undefined;
  pool(name: string): Pool | undefined;
}

interface Entry {
  /** Key of the policy, name of the pool. */
  readonly name: string;
  readonly backOff: Backoff;
  readonly refusal: Refusal;
  /** What was wanted of it when it was refused: models are immutable, so anything else is worth a new try. */
  readonly wanted: object | undefined;
  readonly until: number;
}

/**
 * What the router refused for good: held back until its time has come, or until something else is wanted, so that
 * everything else goes on.
 */
export class Quarantine {
  readonly #pools = new Map<string, Entry>();
  readonly #policies = new Map<string, Entry>();

  constructor(private readonly now: () => number = SYSTEM_CLOCK.now) {}

  /**
   * Puts the object that a refused change is about aside. False where it was aside already, so that holding it does not
   * keep it from being planned: then only waiting helps.
   */
  add(change: Change, wanted: Wanted, source: Source, message: string): boolean {
    const isPolicy = 'listener' in change;
    const name = isPolicy ? nameOf(change.policy) : nameOf(change.pool);
    const id = isPolicy ? policyId(change.listener, name) : name;
    const entries = isPolicy ? this.#policies : this.#pools;
    const object = isPolicy ? wanted.policy(name) : wanted.pool(name);
    const before = entries.get(id);
    const backOff = before?.backOff ?? new Backoff({ initial: FIRST_RETRY, max: LAST_RETRY });
    const refusal = { source, message, ...(isPolicy ? {} : { pool: name }) };
    entries.set(id, { name, backOff, refusal, wanted: object, until: this.now() + backOff.next() });
    return before === undefined || !this.#isHeld(before, object);
  }

  /** What is held now, beside the pools that nobody has filled. */
  holds(unfilledPools: Iterable<string>, wanted: Wanted): Holds {
    const held = (entries: ReadonlyMap<string, Entry>, wantedOf: (name: string) => object | undefined) =>
      [...entries].filter(([, entry]) => this.#isHeld(entry, wantedOf(entry.name))).map(([id]) => id);
    return {
      pools: new Set([...unfilledPools, ...held(this.#pools, wanted.pool)]),
      policies: new Set(held(this.#policies, wanted.policy)),
    };
  }

  /** Milliseconds until something is to be tried again, 0 if it is now; undefined when nothing is aside. */
  nextRetry(): number | undefined {
    const waits = [...this.#pools.values(), ...this.#policies.values()].map(({ until }) => until - this.now());
    return waits.length === 0 ? undefined : Math.max(0, Math.min(...waits));
  }

  /** Everything planned with these holds is in effect: what was not held got through, or is not wanted any more. */
  passed(holds: Holds): void {
    for (const id of [...this.#pools.keys()]) if (!holds.pools.has(id)) this.#pools.delete(id);
    for (const id of [...this.#policies.keys()]) if (!holds.policies.has(id)) this.#policies.delete(id);
  }

  refusals(): readonly Refusal[] {
    return [...this.#pools.values(), ...this.#policies.values()].map(({ refusal }) => refusal);
  }

  #isHeld(entry: Entry, wanted: object | undefined): boolean {
    return entry.until > this.now() && entry.wanted === wanted;
  }
}

function nameOf(named: string | { readonly key: string } | { readonly name: string }): string {
  if (typeof named === 'string') return named;
  return 'key' in named ? named.key : named.name;
}
