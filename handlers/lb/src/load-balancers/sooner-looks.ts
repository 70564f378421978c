import type { ObjectKey } from '@kuryr-l7/plugin';
import type { Problem } from '@kuryr-l7/service-load-balancer';

/** Milliseconds. */
const FIRST = 15_000;

interface Look {
  /** What was missing, as text. */
  readonly problems: string;
  readonly delay: number;
}

/**
 * When Services are looked at again of which the cloud did not know something, as the Neutron port of a node that has just
 * come: soon at first, then after twice as long each time, and with all others when that is sooner.
 */
export class SoonerLooks {
  readonly #last = new Map<ObjectKey, Look>();

  /** @param resyncPeriod milliseconds in which every Service is looked at */
  constructor(private readonly resyncPeriod: number) {}

  /** Milliseconds; undefined where nothing is missing, or the next look comes by itself. */
  next(key: ObjectKey, problems: readonly Problem[]): number | undefined {
    if (problems.length === 0) {
      this.#last.delete(key);
      return undefined;
    }
    const text = JSON.stringify(problems);
    const last = this.#last.get(key);
    const delay = last?.problems === text ? last.delay * 2 : FIRST;
    this.#last.set(key, { problems: text, delay });
    return delay < this.resyncPeriod ? delay : undefined;
  }

  /** For a Service that is gone, or has no load balancer any more. */
  forget(key: ObjectKey): void {
    this.#last.delete(key);
  }
}
