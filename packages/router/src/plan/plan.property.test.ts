import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../apply-change.js';
import { FULL_CAPABILITIES, type RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import { policyMatcher } from '../match/policy-matcher.js';
import { route } from '../match/route.js';
import type { L7Policy, L7Rule, ObservedPolicy, ObservedRouter, Router } from '../model.js';
import { OCTAVIA } from '../octavia.fixture.js';
import { policiesConflict } from '../policy-order.js';
import { isLive } from './order/evaluation-order.js';
import { plan } from './plan.js';
import { withNotFoundPool } from './policies/not-found-pool.js';
import { comparePolicy } from './policies/policy-difference.js';
import { anyObserved, anyWanted, decisionOn, policy, REQUESTS, wantedOn } from './router.fixture.js';

const ROUTERS = [
  ['a router that writes everything at once', FULL_CAPABILITIES],
  ['a router that writes rule by rule, as Octavia does', OCTAVIA],
  ['a router that takes short values only', { ...OCTAVIA, maxRuleValueLength: 32 }],
] as const;

describe.each<readonly [string, RouterCapabilities]>(ROUTERS)('for %s, a plan', (_name, capabilities) => {
  const run = (observed: ObservedRouter, desired: Router): ObservedRouter =>
    plan(desired, observed, capabilities).reduce(applyChange, observed);

  it('comes from any state to what is wanted, leaves what is not ours alone, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyWanted, anyObserved({ failed: true, brokenRules: true }), (wanted, observed) => {
        const desired = wantedOn(observed, wanted);
        const reached = run(observed, desired);
        expect(plan(desired, reached, capabilities)).toEqual([]);
        expectForeignUntouched(observed, reached);
        expectReached(desired, reached, capabilities);
      }),
    );
  });

  it('gets there after any number of crashes, and whatever is wanted meanwhile', () => {
    const interrupted = fc.tuple(anyWanted, fc.nat({ max: 30 }));
    fc.assert(
      fc.property(
        anyObserved({ failed: true, brokenRules: true }),
        fc.array(interrupted, { maxLength: 5 }),
        anyWanted,
        (start, attempts, wanted) => {
          let observed = start;
          for (const [wanted, writes] of attempts) {
            observed = plan(wantedOn(observed, wanted), observed, capabilities)
              .slice(0, writes)
              .reduce(applyChange, observed);
          }
          const desired = wantedOn(observed, wanted);
          const reached = run(observed, desired);
          expect(plan(desired, reached, capabilities)).toEqual([]);
          expectForeignUntouched(start, reached);
          expectReached(desired, reached, capabilities);
        },
      ),
    );
  });

  it('decides every request, after each write, as before all or as after all; only what nothing takes may meet an empty pool', () => {
    const interrupted = fc.tuple(anyWanted, fc.nat({ max: 30 }));
    fc.assert(
      fc.property(
        anyObserved({ failed: false, brokenRules: false }),
        fc.array(interrupted, { minLength: 2, maxLength: 2 }),
        (start, attempts) => {
          let observed = start;
          for (const [wanted, writes] of attempts) {
            const states = statesOf(observed, plan(wantedOn(observed, wanted), observed, capabilities));
            expectNoDetour(states);
            observed = states[Math.min(writes, states.length - 1)] ?? observed;
          }
        },
      ),
      { numRuns: 70 },
    );
  });

  it('decides so too where it finds a policy with the first of its rules only, whatever is wanted by then', () => {
    fc.assert(
      fc.property(
        anyObserved({ failed: false, brokenRules: false }),
        fc.tuple(anyWanted, anyWanted),
        (observed, [wanted, newer]) => {
          const pools = observed.pools.filter(({ foreign, members }) => foreign === true || members.length === 0);
          const start = withPolicies({ ...observed, pools }, () => []);
          const halfMade = statesOf(start, plan(wantedOn(start, wanted), start, capabilities)).filter(({ listeners }) =>
            listeners.some(({ policies }) => policies.some(isHalfMade)),
          );
          for (const state of halfMade)
            expectNoDetour(statesOf(state, plan(wantedOn(state, newer), state, capabilities)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never sends a request to a pool that has not got its members yet, unless the pool is new', () => {
    fc.assert(
      fc.property(anyObserved({ failed: false, brokenRules: true }), anyWanted, (observed, wanted) => {
        expectMembers(observed, wantedOn(observed, wanted), capabilities);
      }),
    );
  });

  it('leaves a new pool without members only while policies of one source are made, the first that lead to it', () => {
    fc.assert(
      fc.property(anyObserved({ failed: false, brokenRules: false }), anyWanted, (observed, wanted) => {
        const desired = wantedOn(observed, wanted);
        const live = ({ listeners }: ObservedRouter) => listeners.flatMap(({ policies }) => policies.filter(isLive));
        const states = statesOf(observed, plan(desired, observed, capabilities));
        const ledTo = new Set(live(states[0] ?? observed).map(({ redirectPool }) => redirectPool));
        for (const { name } of desired.pools.filter(({ name, members }) => members.length > 0 && !ledTo.has(name))) {
          const meanwhile = states.flatMap((state) =>
            state.pools.some((pool) => pool.name === name && pool.members.length === 0)
              ? live(state).filter(({ redirectPool }) => redirectPool === name)
              : [],
          );
          expect(new Set(meanwhile.map(({ source }) => source.name)).size).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

const EMPTY_POOL = '503 of an empty pool';

/**
 * Whatever somebody takes goes where it went before all writes or goes after them; to the members that its pool is given,
 * where it went to an empty one. What nobody takes may meanwhile meet a pool that had no members and has none yet. And what
 * a half-made policy has taken may at once go where it goes without policies that lead to such pools, or to the members
 * that one of those is given, if that has all of its rules.
 */
function expectNoDetour(states: readonly ObservedRouter[]): void {
  const [start] = states;
  if (start === undefined) return;
  const emptyAtFirst = (name: string | undefined) =>
    (start.pools.find((pool) => pool.name === name)?.members ?? []).length === 0;
  const claimed = withPolicies(start, (policies) =>
    policies.filter(({ redirectPool }) => redirectPool === undefined || !emptyAtFirst(redirectPool)),
  );
  const waiting = (key: string) =>
    (start.listeners.find((listener) => listener.key === key)?.policies ?? [])
      .filter(({ redirectPool }) => redirectPool !== undefined && emptyAtFirst(redirectPool))
      .map((current) => (isHalfMade(current) ? { ...current, rules: wholeRules(current) } : current));
  for (const { key } of start.listeners) {
    for (const request of REQUESTS) {
      const outcomes = states.map((state) => {
        const decision = decisionOn(state, key, request);
        const pool = state.pools.find(({ name }) => decision === `pool ${name}`);
        return pool?.members.length === 0 && emptyAtFirst(pool.name) ? EMPTY_POOL : decision;
      });
      const allowed = new Set([outcomes[0], outcomes.at(-1)]);
      const taker = route(start, key, request).policy;
      if (taker !== undefined && isHalfMade(taker)) {
        allowed.add(decisionOn(claimed, key, request));
        const matching = waiting(key).filter((policy) => policyMatcher(policy).matches(request));
        for (const { redirectPool } of matching) allowed.add(`pool ${redirectPool}`);
      } else if (outcomes[0] === EMPTY_POOL) {
        allowed.add(decisionOn(start, key, request));
      }
      if (route(claimed, key, request).policy === undefined) allowed.add(EMPTY_POOL);
      if (outcomes.some((outcome) => !allowed.has(outcome))) {
        throw new Error(`${key} ${request.host}${request.path}: ${outcomes.join(', ')}`);
      }
    }
  }
}

function isHalfMade(current: L7Policy): boolean {
  return isLive(current) && current.rules.length < wholeRules(current).length;
}

function wholeRules({ key }: L7Policy): readonly L7Rule[] {
  return policy(key, 'p').rules;
}

function withPolicies(
  router: ObservedRouter,
  change: (policies: readonly ObservedPolicy[]) => readonly ObservedPolicy[],
): ObservedRouter {
  return {
    ...router,
    listeners: router.listeners.map((listener) => ({ ...listener, policies: change(listener.policies) })),
  };
}

/** Whoever is sent to a pool finds there the members that it had, or those that it is to have; or none, where it is new. */
function expectMembers(start: ObservedRouter, desired: Router, capabilities: RouterCapabilities): void {
  for (const { listeners, pools } of statesOf(start, plan(desired, start, capabilities))) {
    const live = listeners.flatMap(({ policies }) => policies.filter(isLive).map(({ redirectPool }) => redirectPool));
    for (const pool of pools.filter(({ name }) => live.includes(name))) {
      const before = start.pools.find(({ name }) => name === pool.name)?.members ?? [];
      const after = desired.pools.find(({ name }) => name === pool.name)?.members ?? before;
      expect([before, after]).toContainEqual(pool.members);
    }
  }
}

function statesOf(start: ObservedRouter, changes: readonly Change[]): readonly ObservedRouter[] {
  const states = [start];
  let state = start;
  for (const change of changes) {
    state = applyChange(state, change);
    states.push(state);
  }
  return states;
}

function expectForeignUntouched(before: ObservedRouter, after: ObservedRouter): void {
  const foreign = ({ listeners, pools }: ObservedRouter) => ({
    pools: pools.filter(({ foreign }) => foreign === true),
    policies: listeners.map(({ policies }) => policies.filter(({ foreign }) => foreign === true)),
  });
  expect(foreign(after)).toEqual(foreign(before));
}

function expectReached(desired: Router, reached: ObservedRouter, capabilities: RouterCapabilities): void {
  const foreign = reached.listeners.flatMap(({ policies }) => policies.filter(({ foreign }) => foreign === true));
  const ledTo = new Set(foreign.map(({ redirectPool }) => redirectPool));
  for (const [index, { policies }] of desired.listeners.entries()) {
    const there = (reached.listeners[index]?.policies ?? []).filter(({ foreign }) => foreign !== true);
    expect(there.map(({ key }) => key).sort()).toEqual(policies.map(({ key }) => key).sort());
    const place = new Map(there.map((policy, position) => [policy.key, { policy, position }]));
    for (const [rank, policy] of policies.entries()) {
      const found = place.get(policy.key);
      expect(found?.policy.failed).toBeUndefined();
      expect(found?.policy.enabled).toBe(policy.enabled);
      expect(found && comparePolicy(found.policy, withNotFoundPool(policy, capabilities))).toBeUndefined();
      for (const later of policies.slice(rank + 1)) {
        if (orderMatters(policy, later)) expect(found?.position).toBeLessThan(place.get(later.key)?.position ?? -1);
      }
    }
  }
  const wanted = new Map(desired.pools.map((pool) => [pool.name, pool]));
  const ours = reached.pools.filter(({ foreign }) => foreign !== true);
  expect(new Set(ours.map(({ name }) => name)).size).toBe(ours.length);
  for (const { failed, ...pool } of ours) {
    if (failed !== true && wanted.has(pool.name)) expect(pool).toEqual(wanted.get(pool.name));
    else expect(ledTo).toContain(pool.name);
  }
  expect(ours.map(({ name }) => name)).toEqual(expect.arrayContaining([...wanted.keys()]));
}

function orderMatters(a: L7Policy, b: L7Policy): boolean {
  return isLive(a) && isLive(b) && policiesConflict(a, b);
}
