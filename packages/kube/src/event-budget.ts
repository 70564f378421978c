import type { Clock } from './clock.js';

/** Different Events that one object may have at once, and the milliseconds for one more: client-go's spam filter. */
const BURST = 25;
const REFILL = 300_000;
/** Objects that are remembered; who was heard of longest ago starts anew. */
const MAX_OBJECTS = 4096;

/** Keeps an object whose Events are all different (a time, a number in each) from flooding the API server. */
export class EventBudget {
  readonly #spent = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly clock: Clock) {}

  /** False when the object has had too many. */
  spend(object: string): boolean {
    const now = this.clock.now();
    const account = this.#spent.get(object) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, account.tokens + (now - account.at) / REFILL);
    const granted = tokens >= 1;
    this.#spent.delete(object);
    this.#spent.set(object, { tokens: granted ? tokens - 1 : tokens, at: now });
    if (this.#spent.size > MAX_OBJECTS) {
      const [oldest] = this.#spent.keys();
      if (oldest !== undefined) this.#spent.delete(oldest);
    }
    return granted;
  }
}
