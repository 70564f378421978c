import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';

/** Writes that the router gets: one for each change, or a single one where it exchanges everything at once. */
export function countWrites(
  changes: readonly Change[],
  capabilities?: Pick<RouterCapabilities, 'atomicReplace'>,
): number {
  return capabilities?.atomicReplace === true ? Math.min(changes.length, 1) : changes.length;
}
