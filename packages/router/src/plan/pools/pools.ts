import type { RouterCapabilities } from '../../capabilities.js';
import type { Change } from '../../change.js';
import type { ObservedPool, ObservedRouter, Pool, Router } from '../../model.js';
import { sameSource } from '../../model-equality.js';
import { planHealthMonitor } from './health-monitors.js';
import { compareMembers } from './members.js';

/** Changes of pools by when they are made; see `plan`. */
export interface PoolChanges {
  /** Endpoints that go or drain. */
  readonly reductions: readonly Change[];
  readonly updates: readonly Change[];
  readonly creations: readonly Change[];
  /** Members of the pools that are filled last, by pool. */
  readonly fillings: ReadonlyMap<string, Change>;
  readonly deletions: readonly Change[];
}

/** @param filledLast names of the pools, new or empty, that get their members after the policies that lead to them */
export function planPools(
  desired: Router,
  observed: ObservedRouter,
  capabilities: RouterCapabilities,
  filledLast: ReadonlySet<string>,
): PoolChanges {
  const current = new Map(observed.pools.filter(({ foreign }) => foreign !== true).map((pool) => [pool.name, pool]));
  const reductions: Change[] = [];
  const updates: Change[] = [];
  const creations: Change[] = [];
  const fillings = new Map<string, Change>();
  for (const pool of desired.pools) {
    const there = current.get(pool.name);
    if (there === undefined && capabilities.poolWithMembers) {
      creations.push({ type: 'createPool', pool });
      continue;
    }
    if (there !== undefined && (there === pool || there.failed === true)) continue;
    const members = compareMembers(there?.members ?? [], pool.members);
    const setMembers: Change = { type: 'setMembers', pool: pool.name, members: pool.members };
    const later = filledLast.has(pool.name);
    if (members !== 'none' && later) fillings.set(pool.name, setMembers);
    const sooner = members !== 'none' && !later;
    if (there === undefined) {
      creations.push(...createPool(pool, sooner ? [setMembers] : []));
    } else {
      if (sooner) (members === 'reduced' ? reductions : updates).push(setMembers);
      updates.push(...updatePool(there, pool));
    }
  }
  return { reductions, updates, creations, fillings, deletions: deletePools(desired, observed) };
}

function createPool({ healthMonitor, ...pool }: Pool, filling: readonly Change[]): readonly Change[] {
  return [
    { type: 'createPool', pool: { ...pool, members: [] } },
    ...filling,
    ...planHealthMonitor(pool.name, undefined, healthMonitor),
  ];
}

function updatePool(current: ObservedPool, wanted: Pool): readonly Change[] {
  const sameTerms = current.lbAlgorithm === wanted.lbAlgorithm && sameSource(current.source, wanted.source);
  const same = sameTerms && current.disabled !== true;
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
