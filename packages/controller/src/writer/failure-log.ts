import type { Logger } from '@kuryr-l7/kube';

/** More failures than that at once are begun anew. */
const MOST = 100;
const DURATION = /\b\d+ (?:ms|s|milliseconds?|seconds?|minutes?|hours?|days?)\b/g;
const REQUEST_ID = /\breq-[0-9a-f-]+/g;

/** Logs a failure once, however often it comes again, until everything is well: what is tried every second fills no log. */
export class FailureLog {
  readonly #told = new Set<string>();

  constructor(private readonly logger: Logger) {}

  /** At level error the first time, at level debug when it is told already but for how long it lasts. */
  add(message: string, fields: Readonly<Record<string, unknown>>): void {
    const kind = message.replaceAll(DURATION, '').replaceAll(REQUEST_ID, '');
    if (this.#told.has(kind)) {
      this.logger.debug(message, fields);
      return;
    }
    if (this.#told.size >= MOST) this.#told.clear();
    this.#told.add(kind);
    this.logger.error(message, fields);
  }

  /** Everything is well. @returns whether anything was told before */
  clear(): boolean {
    const had = this.#told.size > 0;
    this.#told.clear();
    return had;
  }
}
