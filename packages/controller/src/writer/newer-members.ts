import type { Change, ObservedRouter } from '@kuryr-l7/router';

type PolicyChange = Extract<Change, { readonly listener: string }>;

export interface NewerMembers {
  /** What may be written now. */
  readonly now: readonly Change[];
  /** Of the older plan's changes, how many are to be made before it is worth asking again; Infinity: all of them. */
  readonly again: number;
}

/**
 * The members of a newer plan that may be written in the middle of an older one, before everything else that either has:
 * those of the pools that are there. But an empty pool may have policies that match too much as long as they are not
 * complete, for want of members to send that to; it waits until the older plan has changed the last policy that leads to
 * it, and where the newer one changes such a policy first.
 *
 * @param older what is left of the plan that is being carried out
 */
export function newerMembers(
  newer: readonly Change[],
  older: readonly Change[],
  observed: ObservedRouter,
): NewerMembers {
  const pools = new Map(observed.pools.filter(({ foreign }) => foreign !== true).map((pool) => [pool.name, pool]));
  const poolOf = poolsByPolicy(observed);
  const lastOlder = new Map<string | undefined, number>();
  const poolToBe = new Map(poolOf);
  for (const [index, change] of older.entries()) {
    if ('listener' in change) for (const pool of poolsLedTo(change, poolToBe)) lastOlder.set(pool, index);
  }
  const changedByNewer = new Set<string | undefined>();
  const now: Change[] = [];
  let again = Number.POSITIVE_INFINITY;
  for (const change of newer) {
    if ('listener' in change && change.type !== 'createPolicy') {
      changedByNewer.add(poolOf.get(idOf(change.listener, change.policy)));
    }
    if (change.type !== 'setMembers') continue;
    const pool = pools.get(change.pool);
    if (pool === undefined) continue;
    const last = lastOlder.get(change.pool);
    if (pool.members.length > 0 || (last === undefined && !changedByNewer.has(change.pool))) now.push(change);
    else if (last !== undefined) again = Math.min(again, last + 1);
  }
  return { now, again };
}

/** The pools that our policies lead to. */
function poolsByPolicy({ listeners }: ObservedRouter): ReadonlyMap<string, string | undefined> {
  return new Map(
    listeners.flatMap(({ key, policies }) =>
      policies
        .filter(({ foreign }) => foreign !== true)
        .map((policy) => [idOf(key, policy.key), policy.redirectPool] as const),
    ),
  );
}

/** The pool that the changed policy leads to before, and the one that it leads to then. */
function poolsLedTo(change: PolicyChange, poolOf: Map<string, string | undefined>): readonly (string | undefined)[] {
  const id = idOf(change.listener, keyOf(change));
  const before = poolOf.get(id);
  const after = redirectPoolOf(change);
  if (after !== undefined) poolOf.set(id, after);
  return [before, after ?? before];
}

function redirectPoolOf(change: PolicyChange): string | undefined {
  if (change.type === 'createPolicy') return change.policy.redirectPool;
  return change.type === 'updatePolicy' ? change.patch.redirectPool : undefined;
}

function keyOf(change: PolicyChange): string {
  return change.type === 'createPolicy' ? change.policy.key : change.policy;
}

const idOf = (listener: string, policy: string): string => `${listener} ${policy}`;
