import { SYSTEM_CLOCK, sleep } from '@kuryr-l7/kube';

/** Resolves after so many milliseconds, or when the signal is aborted: a wait that is cut short is not an error here. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(SYSTEM_CLOCK, milliseconds, signal).catch(() => undefined);
}
