/** Time, injected so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds that never go backwards; of no meaning but as a difference. */
  now(): number;
  /** Milliseconds since the epoch. */
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
