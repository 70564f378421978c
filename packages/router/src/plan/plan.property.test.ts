import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../apply-change.js';
import { FULL_CAPABILITIES, type RouterCapabilities } from '../capabilities.js';
import type { Change } from '../change.js';
import type { L7Policy, ObservedRouter, Router } from '../model.js';
import { policiesConflict } from '../policy-order.js';
import { isLive } from './evaluation-order.js';
import { withNotFoundPool } from './not-found-pool.js';
import { plan } from './plan.js';
import { comparePolicy } from './policy-difference.js';
import { anyDesired, anyObserved, decisionOn, OCTAVIA, REQUESTS } from './router.fixture.js';

const ROUTERS = [
  ['a router that writes everything at once', FULL_CAPABILITIES],
  ['a router that writes rule by rule, as Octavia does', OCTAVIA],
] as const;

describe.each<readonly [string, RouterCapabilities]>(ROUTERS)('for %s, a plan', (_name, capabilities) => {
  const run = (observed: ObservedRouter, desired: Router): ObservedRouter =>
    plan(desired, observed, capabilities).reduce(applyChange, observed);

  it('comes from any state to what is wanted, leaves what is not ours alone, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyDesired, anyObserved({ failed: true, brokenRules: true }), (desired, observed) => {
        const reached = run(observed, desired);
        expect(plan(desired, reached, capabilities)).toEqual([]);
        expectForeignUntouched(observed, reached);
        expectReached(desired, reached, capabilities);
      }),
    );
  });

  it('gets there after any number of crashes, and whatever is wanted meanwhile', () => {
    const interrupted = fc.tuple(anyDesired, fc.nat({ max: 30 }));
    fc.assert(
      fc.property(
        anyObserved({ failed: true, brokenRules: true }),
        fc.array(interrupted, { maxLength: 5 }),
        anyDesired,
        (start, attempts, desired) => {
          let observed = start;
          for (const [wanted, writes] of attempts) {
            observed = plan(wanted, observed, capabilities).slice(0, writes).reduce(applyChange, observed);
          }
          const reached = run(observed, desired);
          expect(plan(desired, reached, capabilities)).toEqual([]);
          expectForeignUntouched(start, reached);
          expectReached(desired, reached, capabilities);
        },
      ),
    );
  });

  it('decides every request, after each write, as before all of them or as after all of them', () => {
    fc.assert(
      fc.property(
        anyObserved({ failed: false, brokenRules: false }),
        fc.tuple(anyDesired, fc.nat({ max: 30 })),
        anyDesired,
        (start, [wanted, writes], desired) => {
          const crashed = plan(wanted, start, capabilities).slice(0, writes).reduce(applyChange, start);
          for (const [observed, target] of [
            [start, wanted],
            [crashed, desired],
          ] as const) {
            expectNoDetour(observed, target, capabilities);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('never sends a request to a pool that has not got its members yet', () => {
    fc.assert(
      fc.property(anyObserved({ failed: false, brokenRules: true }), anyDesired, (observed, desired) => {
        expectMembers(observed, desired, capabilities);
      }),
    );
  });
});

function expectNoDetour(start: ObservedRouter, desired: Router, capabilities: RouterCapabilities): void {
  const states = statesOf(start, plan(desired, start, capabilities));
  for (const { key } of start.listeners) {
    for (const request of REQUESTS) {
      const decisions = states.map((state) => decisionOn(state, key, request));
      const allowed = [decisions[0], decisions.at(-1)];
      const detour = decisions.filter((decision) => !allowed.includes(decision));
      if (detour.length > 0) throw new Error(`${key} ${request.host}${request.path}: ${decisions.join(', ')}`);
    }
  }
}

/** Whoever is sent to a pool finds there the members that it had, or those that it is to have. */
function expectMembers(start: ObservedRouter, desired: Router, capabilities: RouterCapabilities): void {
  for (const { listeners, pools } of statesOf(start, plan(desired, start, capabilities))) {
    const live = listeners.flatMap(({ policies }) => policies.filter(isLive).map(({ redirectPool }) => redirectPool));
    for (const pool of pools.filter(({ name }) => live.includes(name))) {
      const allowed = [...start.pools, ...desired.pools].filter(({ name }) => name === pool.name);
      expect(allowed.map(({ members }) => members)).toContainEqual(pool.members);
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
