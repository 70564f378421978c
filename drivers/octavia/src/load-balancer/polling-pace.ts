/** Milliseconds between two looks, at most. */
const LONGEST = 5_000;
/** How much the newest duration counts. */
const WEIGHT = 0.3;
/** What is left of an expectation after the first look came too late to tell how long it took. */
const SHORTENED = 0.6;
/** Of a change never made before. */
const FIRST_GUESS = 500;

/**
 * When to look whether a change is in effect. It learns how long changes of a kind take in this cloud (from 0.1 s on a test
 * bed to 30 s on a busy one): the first look is a little before that, the next ones follow in growing steps. All are
 * jittered, so that several load balancers do not ask at the same moments.
 */
export class PollingPace {
  readonly #expected = new Map<string, number>();
  readonly #shortest: number;
  readonly #random: () => number;

  /** @param shortest milliseconds between two looks, at least */
  constructor(shortest = 50, random: () => number = Math.random) {
    this.#shortest = shortest;
    this.#random = random;
  }

  /** Milliseconds to wait before each look at a change of this kind, without end. */
  *delays(kind: string): Generator<number, never> {
    const expected = this.#expected.get(kind) ?? FIRST_GUESS;
    yield this.#jittered(0.7 * expected);
    for (let step = 0.15 * expected; ; step *= 1.5) yield this.#jittered(step);
  }

  /** A change of this kind was in effect after so many milliseconds, at that look. */
  took(kind: string, milliseconds: number, looks: number): void {
    const before = this.#expected.get(kind) ?? milliseconds;
    this.#expected.set(kind, looks === 1 ? SHORTENED * milliseconds : before + WEIGHT * (milliseconds - before));
  }

  #jittered(milliseconds: number): number {
    return Math.min(LONGEST, Math.max(this.#shortest, milliseconds)) * (0.9 + 0.2 * this.#random());
  }
}
