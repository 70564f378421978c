import type { Progress } from './progress.js';

/** Milliseconds after which somebody at a terminal wonders whether anything still happens. */
const INTERVAL = 10_000;

/** Waits for `work`, and tells every ten seconds meanwhile how far it is. */
export async function withHeartbeat<T>(progress: Progress, state: () => string, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => progress(state()), INTERVAL);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
