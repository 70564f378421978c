import type { RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { ObservedPool, ObservedRouter, Pool, Router } from '../model.js';
import { planHealthMonitor } from './health-monitors.js';
import { compareMembers } from './members.js';
import { sameSource } from './source.js';

/** Changes of pools by when they are made; see `plan`. */
export interface PoolChanges {
  /** Endpoints that go or drain. */
  readonly reductions: readonly Change[];
  readonly updates: readonly Change[];
  readonly creations: readonly Change[];
  readonly deletions: readonly Change[];
}

export function planPools(desired: Router, observed: ObservedRouter, capabilities: RouterCapabilities): PoolChanges {
  const current = new Map(observed.pools.filter(({ foreign }) => foreign !== true).map((pool) => [pool.name, pool]));
  const reductions: Change[] = [];
  const updates: Change[] = [];
  const creations: Change[] = [];
  for (const pool of desired.pools) {
    const there = current.get(pool.name);
    if (there === undefined) {
      creations.push(...createPool(pool, capabilities));
    } else if (there !== pool && there.failed !== true) {
      const members = compareMembers(there.members, pool.members);
      const setMembers: Change = { type: 'setMembers', pool: pool.name, members: pool.members };
      if (members === 'reduced') reductions.push(setMembers);
      if (members === 'changed') updates.push(setMembers);
      updates.push(...updatePool(there, pool));
    }
  }
  return { reductions, updates, creations, deletions: deletePools(desired, observed) };
}

function createPool(pool: Pool, capabilities: RouterCapabilities): readonly Change[] {
  if (capabilities.poolWithMembers) return [{ type: 'createPool', pool }];
  const { members, healthMonitor, ...bare } = pool;
  return [
    { type: 'createPool', pool: { ...bare, members: [] } },
    ...(members.length === 0 ? [] : [{ type: 'setMembers' as const, pool: pool.name, members }]),
    ...planHealthMonitor(pool.name, undefined, healthMonitor),
  ];
}

function updatePool(current: ObservedPool, wanted: Pool): readonly Change[] {
  const same = current.lbAlgorithm === wanted.lbAlgorithm && sameSource(current.source, wanted.source);
  return [
    ...(same ? [] : [{ type: 'updatePool' as const, pool: wanted }]),
    ...planHealthMonitor(wanted.name, current.healthMonitor, wanted.healthMonitor),
  ];
}

/** Deletes the pools that nobody wants and that no policy leads to once the policies are as planned. */
function deletePools(desired: Router, observed: ObservedRouter): readonly Change[] {
  const wanted = new Set(desired.pools.map(({ name }) => name));
  const unwanted = observed.pools.filter(({ foreign, name }) => foreign !== true && !wanted.has(name));
  if (unwanted.length === 0) return [];
  const inUse = new Set([
    ...desired.listeners.flatMap(({ policies }) => policies.map(({ redirectPool }) => redirectPool)),
    ...observed.listeners.flatMap(({ policies }) =>
      policies.filter(({ foreign }) => foreign === true).map(({ redirectPool }) => redirectPool),
    ),
  ]);
  return unwanted.filter(({ name }) => !inUse.has(name)).map(({ name }) => ({ type: 'deletePool', pool: name }));
}
