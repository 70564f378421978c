/** Milliseconds: npm sends on the Ctrl-C that a terminal has sent to it and to us, so two may be one. */
const SAME_CALL = 1_000;

/**
 * Resolves with the first SIGINT, SIGTERM or, where a terminal is closed, SIGHUP. Whoever asks once more after a second does
 * not want to wait for what is under way: that ends the process at once.
 *
 * @param over aborted when nobody listens any more
 */
export function termination(
  signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'],
  over?: AbortSignal,
): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      const now = performance.now();
      if (askedAt !== undefined && now - askedAt > SAME_CALL) process.exit(130);
      askedAt ??= now;
      resolve(signal);
    };
    for (const signal of signals) {
      process.on(signal, onSignal);
      over?.addEventListener('abort', () => process.off(signal, onSignal));
    }
  });
}

/** Waits for the work, but not for ever; answers whether it was done in time. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
