import { RouterRefusedError } from '@kuryr-l7/plugin';
import { type Change, describeChange } from '@kuryr-l7/router';
import { setToError } from '../load-balancer/describe-load-balancer.js';
import type { WriteContext } from './write-context.js';

/**
 * Refuses to make what is there already and can be neither changed nor deleted: making another one each time would fill
 * the load balancer with them.
 *
 * @param name as `KnownObjects.stuck` has it
 */
export function refuseStuckTwin({ known }: WriteContext, change: Change, kind: 'policy' | 'pool', name: string): void {
  const state = known.stuck(kind, name);
  if (state === undefined) return;
  throw new RouterRefusedError(
    `${describeChange(change)}: it is there already and stays in ${state} below an ACTIVE load balancer, so that it can be neither changed nor deleted: an administrator has to ${setToError()}`,
  );
}
