export interface BackoffOptions {
  /** Milliseconds before the first try again. */
  readonly initial: number;
  /** Milliseconds that a delay never exceeds. */
  readonly max: number;
  /** The share of a delay that chance may take away, so that clients do not come back all at once. @default 0.5 */
  readonly jitter?: number;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** The delay before try number `failures` + 1: doubles with each failure up to `max`, less jitter. Whole milliseconds, as timers have. */
export function backoffDelay(failures: number, options: BackoffOptions): number {
  const { initial, max, jitter = 0.5, random = Math.random } = options;
  const delay = Math.min(max, initial * 2 ** Math.max(0, failures - 1));
  return Math.round(delay * (1 - jitter * random()));
}

/** Counts failures in a row. */
export class Backoff {
  #failures = 0;

  constructor(private readonly options: BackoffOptions) {}

  get failures(): number {
    return this.#failures;
  }

  /** Records a failure; returns the milliseconds to wait. */
  next(): number {
    this.#failures += 1;
    return backoffDelay(this.#failures, this.options);
  }

  reset(): void {
    this.#failures = 0;
  }
}
