/** Time, injected so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds that never go backwards; of no meaning but as a difference. */
  now(): number;
  /** Milliseconds since the epoch, for times that others read. */
  wallTime(): number;
  /** Calls back once after `delay` milliseconds. Returns the cancellation. */
  schedule(callback: () => void, delay: number): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  schedule(callback, delay) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delay` milliseconds; rejects with the signal's reason when it is aborted before. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delay);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
