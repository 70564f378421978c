import { ApiError, BusyError, UnavailableError } from '../errors/api-error.js';
import { ConnectionError, NoAnswerError } from '../errors/connection-error.js';
import type { Logger } from '../logger.js';
import { sleep } from '../time/abortable.js';
import type { Clock } from '../time/clock.js';

/** Tries after the first. */
const RETRIES = 3;
/** Milliseconds before the first of them; doubles with each. */
const FIRST_DELAY = 500;
/** Milliseconds that a service may ask to wait; when it asks for more, the caller is told instead. */
const LONGEST_RETRY_AFTER = 30_000;

export interface RetryOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Tries again what may be done twice, such as a GET, when the service failed, is busy or could not be reached: up to three
 * times, later each time, never earlier than Retry-After says, with up to half of a delay taken away by chance.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  { clock, logger, random }: RetryOptions,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
      if (failures >= RETRIES || !isPassing(error) || retryAfter > LONGEST_RETRY_AFTER) throw error;
      const delay = Math.max(retryAfter, Math.round(FIRST_DELAY * 2 ** failures * (1 - random() / 2)));
      logger.debug(`${error.message}; trying again in ${delay} ms`);
      await sleep(clock, delay, signal);
    }
  }
}

function isPassing(error: unknown): error is Error {
  return (
    error instanceof UnavailableError ||
    error instanceof BusyError ||
    error instanceof NoAnswerError ||
    error instanceof ConnectionError
  );
}
