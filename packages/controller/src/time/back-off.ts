/** Exponential back-off with full jitter on its upper half: after n failures between half of and all of min(cap, base * 2^n). */
export class BackOff {
  #failures = 0;

  constructor(
    private readonly baseMilliseconds: number,
    private readonly capMilliseconds: number,
    private readonly random: () => number = Math.random,
  ) {}

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const ceiling = Math.min(this.capMilliseconds, this.baseMilliseconds * 2 ** this.#failures);
    this.#failures += 1;
    return ceiling / 2 + (ceiling / 2) * this.random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
