/** Milliseconds between two looks, at most. */
const LONGEST = 5_000;
/** Milliseconds until the first look, at most: the next change may be much faster than those before. */
const LATEST_FIRST = 15_000;
/** How much the newest duration counts. */
const WEIGHT = 0.3;
/** What is left of an expectation after the first look came too late to tell how long it took. */
const SHORTENED = 0.6;

export interface PollingPaceOptions {
  /** Milliseconds between two looks, at least. @default 50 */
  readonly shortest?: number;
  /** Milliseconds that a change of a kind never made before is thought to take. @default 500 */
  readonly firstGuess?: number;
  /** In [0, 1), for the jitter. @default Math.random */
  readonly random?: () => number;
}

/**
 * When to look whether a change is in effect. It learns how long changes of a kind take in this cloud (from 0.1 s on a test
 * bed to 30 s on a busy one): the first look is a little before that, the next ones follow in growing steps. All are
 * jittered, so that several load balancers do not ask at the same moments.
 */
export class PollingPace {
  readonly #expected = new Map<string, number>();
  readonly #shortest: number;
  readonly #firstGuess: number;
  readonly #random: () => number;

  constructor({ shortest = 50, firstGuess = 500, random = Math.random }: PollingPaceOptions = {}) {
    this.#shortest = shortest;
    this.#firstGuess = firstGuess;
    this.#random = random;
  }

  /** Whole milliseconds, as timers have, to wait before each look at a change of this kind, without end. */
  *delays(kind: string): Generator<number, never> {
    const expected = this.#expected.get(kind) ?? this.#firstGuess;
    yield this.#jittered(0.7 * expected, LATEST_FIRST);
    for (let step = 0.15 * expected; ; step *= 1.5) yield this.#jittered(step, LONGEST);
  }

  /** A change of this kind was in effect after so many milliseconds, at that look. */
  took(kind: string, milliseconds: number, looks: number): void {
    const before = this.#expected.get(kind) ?? milliseconds;
    this.#expected.set(kind, looks === 1 ? SHORTENED * milliseconds : before + WEIGHT * (milliseconds - before));
  }

  #jittered(milliseconds: number, longest: number): number {
    const jitter = 0.9 + 0.2 * this.#random();
    return Math.round(Math.min(longest, Math.max(this.#shortest, milliseconds)) * jitter);
  }
}
