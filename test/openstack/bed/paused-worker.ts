import { status } from './bed.js';
import { BedError } from './bed-error.js';
import { takeLock } from './lock.js';
import { signal } from './recorded-process.js';

/**
 * Octavia takes writes and carries none out until the returned function is called: every load balancer that is written
 * to stays PENDING. Waits for another process that has paused it.
 */
export async function pauseWorker(): Promise<() => void> {
  const giveBack = await takeLock('paused-worker');
  const pid = status().find(({ name }) => name === 'octavia-worker')?.pid;
  if (pid === undefined) {
    giveBack();
    throw new BedError('octavia-worker does not run.');
  }
  signal(-pid, 'SIGSTOP');
  return () => {
    signal(-pid, 'SIGCONT');
    giveBack();
  };
}
