import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.js';

/** Settles as the promise does, or rejects with the signal's reason when that is aborted before; the promise goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Resolves after `delay` milliseconds; rejects with the signal's reason when that is aborted before. */
export async function sleep(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  let cancel = (): void => undefined;
  const elapsed = new Promise<void>((resolve) => {
    cancel = clock.schedule(resolve, delay);
  });
  try {
    await abortable(elapsed, signal);
  } finally {
    cancel();
  }
}

/**
 * Runs something under a signal that is aborted with the first of the given ones. (Node 20's AbortSignal.any keeps what it
 * made alive as long as its sources, which here live as long as the process.)
 */
export async function underSignals<T>(
  signals: readonly (AbortSignal | undefined)[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const links = signals
    .filter((signal) => signal !== undefined)
    .map((signal) => {
      // As many calls as there are may share a signal; each takes its listener away again.
      setMaxListeners(0, signal);
      const onAbort = (): void => controller.abort(signal.reason);
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      return () => signal.removeEventListener('abort', onAbort);
    });
  try {
    controller.signal.throwIfAborted();
    return await run(controller.signal);
  } finally {
    for (const unlink of links) unlink();
  }
}
