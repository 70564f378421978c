import { type Clock, SYSTEM_CLOCK } from './clock.js';
import type { Logger } from './logger.js';

export interface FailureLogOptions {
  /** Of a failure that is told. */
  readonly level: 'warn' | 'error';
  readonly clock?: Clock;
}

/** What failed when it was tried last. */
export interface Failure {
  /** E.g. the key of an object. */
  readonly key: string;
  /** Of the first failure since all was well, in milliseconds since the epoch. */
  readonly since: number;
  /** Of the last failure. */
  readonly reason: string;
}

/** More failures than that of one object are begun anew. */
const MOST = 100;
/** Milliseconds until the same failure is told again: who reads only the log of today sees it, too. */
const TOLD_AGAIN = 3_600_000;
const DURATION = /\b\d+(?:\.\d+)? (?:ms|s|milliseconds?|seconds?|minutes?|hours?|days?)\b/g;
const REQUEST_ID = /\breq-[0-9a-f-]+/g;

/**
 * Logs failures of what is tried again and again: each once, however often it comes, until its object is well again or an
 * hour has passed. What is tried every second fills no log.
 */
export class FailureLog {
  /** When each failure was told last, by object and what it says. */
  readonly #told = new Map<string, Map<string, number>>();
  readonly #failing = new Map<string, Failure>();
  readonly #level: FailureLogOptions['level'];
  readonly #clock: Clock;

  constructor(
    private readonly logger: Logger,
    { level, clock = SYSTEM_CLOCK }: FailureLogOptions,
  ) {
    this.#level = level;
    this.#clock = clock;
  }

  /**
   * At level debug when it is told already but for how long it lasts.
   * @param key what has failed, e.g. the key of an object
   * @param reason for {@link failing}, where the message says more than that
   */
  add(key: string, message: string, fields: Readonly<Record<string, unknown>>, reason: string = message): void {
    const now = this.#clock.now();
    this.#failing.set(key, { key, since: this.#failing.get(key)?.since ?? this.#clock.wallTime(), reason });
    const kind = message.replaceAll(DURATION, '').replaceAll(REQUEST_ID, '');
    const told = this.#told.get(key) ?? new Map<string, number>();
    this.#told.set(key, told);
    if (now - (told.get(kind) ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN) {
      this.logger.debug(message, fields);
      return;
    }
    if (told.size >= MOST) told.clear();
    told.set(kind, now);
    this.logger[this.#level](message, fields);
  }

  /** What has failed and is not well again. */
  get failing(): readonly Failure[] {
    return [...this.#failing.values()];
  }

  /** All is well with it. @returns whether a failure was told before */
  clear(key: string): boolean {
    this.#failing.delete(key);
    return this.#told.delete(key);
  }
}
