import type { Change } from './change.js';
import { ChangeRefusedError } from './change-refused-error.js';
import type { Member, ObservedPool, ObservedRouter, Pool } from './model.js';

export type PoolChange = Exclude<Change, { readonly listener: string }>;

/** @throws ChangeRefusedError */
export function applyPoolChange(observed: ObservedRouter, change: PoolChange): ObservedRouter {
  const name = typeof change.pool === 'string' ? change.pool : change.pool.name;
  const index = observed.pools.findIndex((pool) => pool.foreign !== true && pool.name === name);
  const pool = observed.pools[index];
  if (change.type === 'createPool') {
    if (pool !== undefined) throw new ChangeRefusedError(change, 'a pool of this name is there; update it instead');
    refuseDuplicates(change, change.pool.members);
    return { ...observed, pools: [...observed.pools, change.pool] };
  }
  if (pool === undefined)
    throw new ChangeRefusedError(change, 'no pool of this cluster has that name; create it first');
  if (change.type === 'deletePool') {
    refuseUsedPool(change, observed, name);
    return { ...observed, pools: observed.pools.toSpliced(index, 1) };
  }
  if (pool.failed === true) throw new ChangeRefusedError(change, 'the pool is in ERROR; delete it and make it anew');
  return { ...observed, pools: observed.pools.with(index, changedPool(change, pool)) };
}

type InPlace = Exclude<PoolChange, { readonly type: 'createPool' | 'deletePool' }>;

function changedPool(change: InPlace, pool: ObservedPool): ObservedPool {
  switch (change.type) {
    case 'updatePool': {
      const { lbAlgorithm, source } = change.pool;
      const { disabled: _enabledNow, ...rest } = pool;
      return { ...rest, lbAlgorithm, source };
    }
    case 'setMembers':
      refuseDuplicates(change, change.members);
      return { ...pool, members: change.members };
    case 'setHealthMonitor': {
      const { healthMonitor } = change;
      if (pool.healthMonitor !== undefined && pool.healthMonitor.type !== healthMonitor.type) {
        throw new ChangeRefusedError(change, 'the type of a health monitor cannot be changed; delete it first');
      }
      return { ...pool, healthMonitor };
    }
    case 'deleteHealthMonitor': {
      const { healthMonitor, ...rest } = pool;
      if (healthMonitor === undefined) throw new ChangeRefusedError(change, 'the pool has none');
      return rest;
    }
  }
}

function refuseDuplicates(change: PoolChange, members: readonly Member[]): void {
  const endpoints = new Set(members.map(({ address, port }) => `${address} ${port}`));
  if (endpoints.size < members.length) {
    throw new ChangeRefusedError(change, 'two members have the same address and port; name each once');
  }
}

function refuseUsedPool(change: PoolChange, observed: ObservedRouter, name: Pool['name']): void {
  for (const listener of observed.listeners) {
    const user = listener.policies.find((policy) => policy.redirectPool === name);
    if (user !== undefined) {
      throw new ChangeRefusedError(change, `it is in use by l7policy ${user.key} on listener ${listener.key}`);
    }
  }
}
