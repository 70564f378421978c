import type { Pool } from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';

/**
 * The pool that `[octavia] not_found_pool` names.
 *
 * @param router for messages
 * @throws ConfigurationError unless exactly one pool has that name or UUID
 */
export function notFoundPool(nameOrId: string | undefined, pools: readonly Pool[], router: string): Pool | undefined {
  if (nameOrId === undefined) return undefined;
  const fitting = pools.filter(({ id, name }) => id === nameOrId || name === nameOrId);
  const [pool] = fitting;
  if (pool !== undefined && fitting.length === 1) return pool;
  const problem =
    pool === undefined
      ? `${router} has no pool of that name or UUID (it has: ${pools.map(({ name }) => name).join(', ') || 'none'})`
      : `${router} has several pools of that name; give the UUID`;
  throw new ConfigurationError(`[octavia] not_found_pool = ${nameOrId}: ${problem}`);
}
