import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../../apply-change.js';
import type { Change } from '../../change.js';
import { policyMatcher } from '../../match/policy-matcher.js';
import type { L7Policy, L7Rule } from '../../model.js';
import { HTTP, observedRouter, policy, pool } from '../router.fixture.js';
import { changePolicy, comparePolicy, type Effect, effectOf, type Movement } from './policy-difference.js';

const header = (key: string): L7Rule => ({ type: 'HEADER', compareType: 'EQUAL_TO', key, value: '1', invert: false });
const withRules = (keys: string, others: Partial<L7Policy> = {}): L7Policy =>
  policy('key', 'p', { rules: [...keys].map(header), ...others });

function changesBetween(current: L7Policy, wanted: L7Policy, maxRules = 50): readonly Change[] {
  const difference = comparePolicy(current, wanted);
  return difference === undefined ? [] : changePolicy(HTTP.key, difference, undefined, maxRules);
}

function statesBetween(current: L7Policy, wanted: L7Policy, maxRules?: number): readonly L7Policy[] {
  const states = [current];
  let router = observedRouter([current], [pool('p'), pool('q')]);
  for (const change of changesBetween(current, wanted, maxRules)) {
    router = applyChange(router, change);
    const policy = router.listeners[0]?.policies[0];
    if (policy !== undefined) states.push(policy);
  }
  return states;
}

const typesOf = (changes: readonly Change[]) => changes.map(({ type }) => type);

describe('changing a policy in place', () => {
  it.each<[string, L7Policy, L7Policy, Change['type'][]]>([
    ['nothing, when only the order of rules differs', withRules('ab'), withRules('ba'), []],
    ['one write for another rule', withRules('ab'), withRules('ac'), ['updateRule']],
    ['one write for another pool', withRules('ab'), withRules('ab', { redirectPool: 'q' }), ['updatePolicy']],
    [
      'one write for another source',
      withRules('a'),
      withRules('a', { source: { kind: 'Ingress', namespace: 'b', name: 'c' } }),
      ['updatePolicy'],
    ],
    [
      'never disabled for two other rules',
      withRules('ab'),
      withRules('cd'),
      ['createRule', 'updateRule', 'deleteRule'],
    ],
    [
      'the pool switched between new and old rules',
      withRules('a'),
      withRules('b', { redirectPool: 'q' }),
      ['createRule', 'updatePolicy', 'deleteRule'],
    ],
    [
      'enabled last',
      withRules('ab', { enabled: false }),
      withRules('cd'),
      ['updateRule', 'updateRule', 'updatePolicy'],
    ],
    [
      'its first two rules given while it is disabled',
      withRules(''),
      withRules('ab'),
      ['updatePolicy', 'createRule', 'createRule', 'updatePolicy'],
    ],
    ['its only rule given last', withRules(''), withRules('a', { redirectPool: 'q' }), ['updatePolicy', 'createRule']],
  ])('takes %s', (_name, current, wanted, expected) => {
    expect(typesOf(changesBetween(current, wanted))).toEqual(expected);
  });

  it('disables a policy where its old and its new rules are too many for the router together', () => {
    const changes = changesBetween(withRules('abc'), withRules('def'), 3);
    expect(typesOf(changes)).toEqual(['updatePolicy', 'updateRule', 'updateRule', 'updateRule', 'updatePolicy']);
    expect(Math.max(...statesBetween(withRules('abc'), withRules('def'), 3).map(({ rules }) => rules.length))).toBe(3);
  });

  it('always tells the code of a redirect, since a router keeps the one before otherwise', () => {
    const redirect = { action: 'REDIRECT_TO_URL', redirectUrl: 'https://x/' } as const;
    const permanent = policy('a.x|Prefix|/', { ...redirect, redirectHttpCode: 301 });
    expect(changesBetween(permanent, policy('a.x|Prefix|/', redirect))).toEqual([
      {
        type: 'updatePolicy',
        listener: HTTP.key,
        policy: 'a.x|Prefix|/',
        patch: { ...redirect, redirectHttpCode: 302 },
      },
    ]);
    expect(
      changesBetween(policy('a.x|Prefix|/', { ...redirect, redirectHttpCode: 302 }), policy('a.x|Prefix|/', redirect)),
    ).toEqual([]);
  });

  it('matches at every step no more than before and after together, and at least what both match unless disabled', () => {
    const state = fc
      .record({
        rules: fc.subarray(['a', 'b', 'c', 'd', 'e']),
        enabled: fc.boolean(),
        redirectPool: fc.constantFrom('p', 'q'),
      })
      .map(({ rules, ...others }) => withRules(rules.join(''), others));
    const requests = Array.from({ length: 32 }, (_, bits) =>
      Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key, bit) => [key, bits & (1 << bit) ? '1' : '0'])),
    );
    fc.assert(
      fc.property(state, state, (current, other) => {
        const wanted = { ...other, enabled: true };
        const steps = statesBetween(current, wanted);
        expect(comparePolicy(steps.at(-1) ?? current, wanted)).toBeUndefined();
        for (const headers of requests) {
          const request = { host: 'a.x', path: '/', headers };
          const pools = steps.map((step) => (policyMatcher(step).matches(request) ? step.redirectPool : undefined));
          const [before, after] = [pools[0], pools.at(-1)];
          for (const pool of pools) {
            if (pool !== undefined) expect([before, after]).toContain(pool);
            else if (before !== undefined && after !== undefined)
              expect(steps.some(({ enabled }) => !enabled)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what a change does to other policies', () => {
  const redirect = { action: 'REDIRECT_TO_URL', redirectUrl: 'https://x/' } as const;

  it.each<[string, L7Policy, L7Policy, Movement, Effect]>([
    ['enabled', withRules('a', { enabled: false }), withRules('a'), 'backward', 'gain'],
    ['given its first rule', withRules(''), withRules('a'), 'none', 'gain'],
    ['sent elsewhere', withRules('a'), withRules('a', { redirectPool: 'q' }), 'none', 'gain'],
    ['moved forward', withRules('a'), withRules('a'), 'forward', 'gain'],
    ['evaluated with the redirects', withRules('a'), withRules('a', redirect), 'backward', 'gain'],
    ['matching more', withRules('ab'), withRules('a'), 'none', 'gain'],
    ['left without rules', withRules('a'), withRules('', { redirectPool: 'q' }), 'forward', 'loss'],
    ['moved backward', withRules('a'), withRules('a'), 'backward', 'loss'],
    ['evaluated with the pools', withRules('a', redirect), withRules('a'), 'forward', 'loss'],
    ['matching less', withRules('a'), withRules('ab'), 'none', 'loss'],
    ['matching something else', withRules('a'), withRules('b'), 'none', 'exchange'],
    ['matching less of the redirects', withRules('a'), withRules('ab', redirect), 'none', 'exchange'],
  ])('%s', (_name, current, wanted, movement, effect) => {
    const nothing = { current, wanted, patch: {}, rules: { added: [], removed: [] } };
    expect(effectOf(comparePolicy(current, wanted) ?? nothing, movement)).toBe(effect);
  });
});
