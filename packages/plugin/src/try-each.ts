import { hasCode, NotReadyError } from './errors.js';

/** Reasons that are told one by one. */
const MOST_REASONS = 3;

/**
 * Runs something for each item, one after the other: what fails for one keeps nobody from the next.
 * @throws what was thrown for the only one that failed; an error with the reasons of several, a NotReadyError where all of
 * them are; the reason of the signal
 */
export async function tryEach<T>(
  items: Iterable<T>,
  run: (item: T) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    try {
      await run(item);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  if (errors.length === 1) throw errors[0];
  const reasons = errors
    .slice(0, MOST_REASONS)
    .map((error) => (error instanceof Error ? error.message : String(error)));
  const others = errors.length > MOST_REASONS ? [`and ${errors.length - MOST_REASONS} more`] : [];
  const cause = new AggregateError(errors, [...reasons, ...others].join('; '));
  throw errors.every((error) => hasCode(error, 'ERR_NOT_READY')) ? new NotReadyError(cause.message, { cause }) : cause;
}
