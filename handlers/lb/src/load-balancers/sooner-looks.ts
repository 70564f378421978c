import type { Clock } from '@kuryr-l7/kube';
import type { ObjectKey } from '@kuryr-l7/plugin';
import type { Problem } from '@kuryr-l7/service-load-balancer';

/** Milliseconds. */
const FIRST = 15_000;

interface Look {
  /** What was missing, as text. */
  readonly problems: string;
  readonly delay: number;
  /** When it is due, by the clock. */
  readonly at: number;
}

/**
 * When Services are looked at again of which the cloud did not know something, as the Neutron port of a node that has just
 * come: soon at first, then after twice as long each time, and with all others when that is sooner.
 */
export class SoonerLooks {
  readonly #last = new Map<ObjectKey, Look>();

  /** @param resyncPeriod milliseconds in which every Service is looked at */
  constructor(
    private readonly resyncPeriod: number,
    private readonly clock: Clock,
  ) {}

  /** Milliseconds; undefined where nothing is missing, or the next look comes by itself. */
  next(key: ObjectKey, problems: readonly Problem[]): number | undefined {
    if (problems.length === 0) {
      this.#last.delete(key);
      return undefined;
    }
    const text = JSON.stringify(problems);
    const now = this.clock.now();
    const last = this.#last.get(key);
    const isSame = last?.problems === text;
    const delay = isSame ? last.delay * 2 : FIRST;
    // Before it is due it was looked at for another reason, as after its own writes.
    const look = isSame && now < last.at ? last : { problems: text, delay, at: now + delay };
    this.#last.set(key, look);
    return look.delay < this.resyncPeriod ? look.at - now : undefined;
  }

  /** For a Service that is gone, or has no load balancer any more. */
  forget(key: ObjectKey): void {
    this.#last.delete(key);
  }
}
