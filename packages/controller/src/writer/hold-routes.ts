import {
  comparePolicy,
  hostText,
  type L7Policy,
  type Listener,
  type ListenerIdentity,
  type ObservedListener,
  type ObservedPolicy,
  type ObservedPool,
  type ObservedRouter,
  type Pool,
  policyShape,
  type Router,
  rulesOfKey,
} from '@kuryr-l7/router';

/** What must stay as the router has it for now, and why a planner is not shown the wanted form of it. */
export interface Holds {
  /** Pools that nobody has filled yet, or that the router has just refused. */
  readonly pools: ReadonlySet<string>;
  /** Policies, by `<listener key> <policy key>`, that the router has just refused. */
  readonly policies: ReadonlySet<string>;
}

export const policyId = (listener: string, policy: string): string => `${listener} ${policy}`;

/**
 * The desired router with everything held replaced by what the router has: a held policy keeps the form and the pool it
 * has there, or stays away if it is new. So a route never goes live before its pool, a restart never removes what it has
 * not understood yet, and what the router refuses holds up nothing else.
 *
 * One that is disabled stays so, as it may lack rules, unless it only waits for a pool and is else as it is wanted: somebody
 * has disabled it. One that lacks rules, and so would match what it is not meant to, goes where the router has refused it
 * others, and where it leads to an empty pool that may be given members meanwhile.
 */
export function holdRoutes(
  policies: readonly L7Policy[],
  pools: readonly Pool[],
  listeners: readonly ListenerIdentity[],
  observed: ObservedRouter,
  holds: Holds,
): Router {
  const observedPools = new Map(
    observed.pools.filter((pool) => pool.foreign !== true).map((pool) => [pool.name, pool]),
  );
  const nothingHeld = holds.pools.size === 0 && holds.policies.size === 0;
  const kept = new Map<string, Pool>();
  const keep = (pool: string | undefined) => {
    const there = pool === undefined ? undefined : observedPools.get(pool);
    if (there !== undefined) kept.set(there.name, asDesiredPool(there));
  };
  const mayBeFilled = (pool = '') => !holds.pools.has(pool) && observedPools.get(pool)?.members.length === 0;
  const held: Listener[] = listeners.map((listener) => {
    if (nothingHeld) return { ...listener, policies };
    const there = ourPolicies(observed.listeners.find(({ key }) => key === listener.key));
    const asItIs = (key: string, complete?: L7Policy): readonly L7Policy[] => {
      const current = there.get(key);
      if (current === undefined || current.failed === true) return [];
      const refused = holds.policies.has(policyId(listener.key, key));
      if (complete !== undefined && current.rules.length < complete.rules.length) {
        if (refused || (current.enabled && mayBeFilled(current.redirectPool))) return [];
      }
      keep(current.redirectPool);
      const isComplete = complete !== undefined && comparePolicy({ ...current, enabled: true }, complete) === undefined;
      return [isComplete && !refused ? complete : asDesiredPolicy(current)];
    };
    const waits = ({ key, redirectPool }: L7Policy) =>
      holds.policies.has(policyId(listener.key, key)) || (redirectPool !== undefined && holds.pools.has(redirectPool));
    const wanted = new Set(policies.map(({ key }) => key));
    const waiting = policies.filter((policy) => !there.has(policy.key) && waits(policy));
    const standIns = standInsFor(waiting, there, wanted);
    const isHeld = (policy: L7Policy) => waits(policy) || standIns.has(policy.key);
    // Where to delete it was refused, it stays wanted; a planner finds its place by itself.
    const leaving = [...there.keys()].filter(
      (key) => !wanted.has(key) && (holds.policies.has(policyId(listener.key, key)) || standIns.has(key)),
    );
    return {
      ...listener,
      policies: [
        ...policies.flatMap((policy) => (isHeld(policy) ? asItIs(policy.key, policy) : [policy])),
        ...leaving.flatMap((key) => asItIs(key)),
      ],
    };
  });
  for (const name of holds.pools) keep(name);
  return { listeners: held, pools: merge(pools, holds.pools, kept) };
}

/**
 * Policies on the router that take the hosts and paths of new ones that have to wait: as hosts and paths may share a
 * policy, another one may have them now and is to leave them, and they would be answered by nobody until then.
 */
function standInsFor(
  waiting: readonly L7Policy[],
  there: ReadonlyMap<string, L7Policy>,
  wanted: ReadonlySet<string>,
): ReadonlySet<string> {
  const byRoute = new Map<string, string>();
  if (waiting.length > 0) {
    for (const [key, policy] of there) {
      // Half-made, it has what it is not meant to.
      if (policy.rules.length < rulesOfKey(key)) continue;
      const routes = routesOf(policy);
      // What is for one host and path only, and stays, keeps them.
      if (routes.length > 1 || !wanted.has(key)) for (const route of routes) byRoute.set(route, key);
    }
  }
  return new Set(waiting.flatMap(routesOf).flatMap((route) => byRoute.get(route) ?? []));
}

/** Every host with every path. */
function routesOf(policy: L7Policy): readonly string[] {
  const { hosts, paths } = policyShape(policy);
  const pathTexts = paths?.map(({ kind, path }) => `${kind} ${path}`) ?? [''];
  return (hosts?.map(hostText) ?? ['']).flatMap((host) => pathTexts.map((path) => `${host} ${path}`));
}

function merge(
  pools: readonly Pool[],
  heldPools: ReadonlySet<string>,
  kept: ReadonlyMap<string, Pool>,
): readonly Pool[] {
  if (heldPools.size === 0 && kept.size === 0) return pools;
  const wanted = pools.filter((pool) => !heldPools.has(pool.name));
  const names = new Set(wanted.map((pool) => pool.name));
  const extra = [...kept.values()].filter((pool) => !names.has(pool.name));
  return [...wanted, ...extra].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ourPolicies(listener: ObservedListener | undefined): ReadonlyMap<string, ObservedPolicy> {
  return new Map(
    (listener?.policies ?? []).filter((policy) => policy.foreign !== true).map((policy) => [policy.key, policy]),
  );
}

function asDesiredPolicy({ foreign: _foreign, id: _id, failed: _failed, ...policy }: ObservedPolicy): L7Policy {
  return policy;
}

function asDesiredPool({ foreign: _foreign, id: _id, failed: _failed, ...pool }: ObservedPool): Pool {
  return pool;
}
