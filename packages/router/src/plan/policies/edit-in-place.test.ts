import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../../apply-change.js';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import type { L7Policy, ObservedRouter } from '../../model.js';
import { OCTAVIA } from '../../octavia.fixture.js';
import { hostForm, hostsRule, pathsRule } from '../../rule-forms.js';
import { describeChange } from '../describe-change.js';
import { plan } from '../plan.js';
import { decisionOn, desiredRouter, HTTP, member, observedRouter, policy, pool } from '../router.fixture.js';

/** `a b|/x /y` is hosts `a.x` and `b.x`, Prefixes `/x` and `/y`. */
function shared(text: string, redirectPool: string, key = 'shared'): L7Policy {
  const [hosts = '', paths = ''] = text.split('|').map((list) => list.split(' ').filter((name) => name !== ''));
  const rules = [
    hostsRule([...hosts].map((name) => hostForm(`${name}.x`))),
    ...(paths.length === 0 ? [] : [pathsRule([...paths].map((path) => ({ kind: 'prefix', path })))]),
  ];
  return policy(key, redirectPool, { rules });
}

const POOLS = [pool('p', [member(1)]), pool('q', [member(2)])];
const SHORT = { ...OCTAVIA, maxRuleValueLength: 24 };

const changes = (current: L7Policy, wanted: L7Policy, capabilities = OCTAVIA): readonly string[] =>
  plan(desiredRouter([wanted], POOLS), observedRouter([current], POOLS), capabilities).map((change) =>
    describeChange(change).replace(' on HTTP:80', '').replaceAll('(:[0-9]*)?$', ''),
  );

describe('a policy for other hosts or paths than before', () => {
  it.each<[string, L7Policy, L7Policy, string[]]>([
    [
      'one write for a host more',
      shared('a b', 'p'),
      shared('a b c', 'p'),
      ['update l7rule HOST_NAME REGEX ^(a|b)\\.x to HOST_NAME REGEX ^(a|b|c)\\.x of l7policy shared'],
    ],
    [
      'its new target before more requests',
      shared('a|/x', 'p'),
      shared('a b|/x', 'q'),
      [
        'update l7policy shared -> pool q',
        'update l7rule HOST_NAME REGEX ^a\\.x to HOST_NAME REGEX ^(a|b)\\.x of l7policy shared',
      ],
    ],
    [
      'its new target after fewer requests',
      shared('a b', 'p'),
      shared('a', 'q'),
      [
        'update l7rule HOST_NAME REGEX ^(a|b)\\.x to HOST_NAME REGEX ^a\\.x of l7policy shared',
        'update l7policy shared -> pool q',
      ],
    ],
    [
      'any path by deleting a rule',
      shared('a|/x', 'p'),
      shared('a b', 'p'),
      [
        'update l7rule HOST_NAME REGEX ^a\\.x to HOST_NAME REGEX ^(a|b)\\.x of l7policy shared',
        'delete l7rule PATH REGEX ^/x(/|$) of l7policy shared',
      ],
    ],
    [
      'some paths by making one',
      shared('a b', 'p'),
      shared('a b|/x /y', 'p'),
      ['create l7rule PATH REGEX ^(/x|/y)(/|$) of l7policy shared'],
    ],
    [
      'both the old and the new ones for a while',
      shared('a|/x /y', 'p'),
      shared('a|/y /z', 'p'),
      [
        'update l7rule PATH REGEX ^(/x|/y)(/|$) to PATH REGEX ^(/x|/y|/z)(/|$) of l7policy shared',
        'update l7rule PATH REGEX ^(/x|/y|/z)(/|$) to PATH REGEX ^(/y|/z)(/|$) of l7policy shared',
      ],
    ],
  ])('is given %s', (_name, current, wanted, expected) => {
    expect(changes(current, wanted)).toEqual(expected);
  });

  it.each<[string, L7Policy, L7Policy, typeof OCTAVIA, string[]]>([
    [
      'its target changes too',
      shared('a b', 'p'),
      shared('b c', 'q'),
      OCTAVIA,
      [
        'create l7policy shared|StandIn -> pool p at position 1',
        'create l7rule HOST_NAME REGEX ^(a|b)\\.x of l7policy shared|StandIn',
        'update l7policy shared -> pool q',
        'update l7rule HOST_NAME REGEX ^(a|b)\\.x to HOST_NAME REGEX ^(b|c)\\.x of l7policy shared',
        'delete l7policy shared|StandIn',
      ],
    ],
    [
      'hosts and paths both change',
      shared('a|/x', 'p'),
      shared('b|/y', 'p'),
      OCTAVIA,
      [
        'create l7policy shared|StandIn -> pool p at position 1, disabled',
        'create l7rule HOST_NAME REGEX ^a\\.x of l7policy shared|StandIn',
        'create l7rule PATH REGEX ^/x(/|$) of l7policy shared|StandIn',
        'update l7policy shared|StandIn enabled',
        'update l7policy shared disabled',
        'update l7rule HOST_NAME REGEX ^a\\.x to HOST_NAME REGEX ^b\\.x of l7policy shared',
        'update l7rule PATH REGEX ^/x(/|$) to PATH REGEX ^/y(/|$) of l7policy shared',
        'update l7policy shared enabled',
        'delete l7policy shared|StandIn',
      ],
    ],
    [
      'the router can not take all of them in one rule',
      shared('aa bb', 'p'),
      shared('bb cc', 'p'),
      SHORT,
      [
        'create l7policy shared|StandIn -> pool p at position 1',
        'create l7rule HOST_NAME REGEX ^(aa|bb)\\.x of l7policy shared|StandIn',
        'update l7rule HOST_NAME REGEX ^(aa|bb)\\.x to HOST_NAME REGEX ^(bb|cc)\\.x of l7policy shared',
        'delete l7policy shared|StandIn',
      ],
    ],
  ])('has a stand-in where %s', (_name, current, wanted, capabilities, expected) => {
    expect(changes(current, wanted, capabilities)).toEqual(expected);
  });

  it('has a stand-in of another name where an old one is left', () => {
    const left = { ...shared('a b', 'p'), key: 'shared|StandIn' };
    const written = plan(
      desiredRouter([shared('b c', 'q')], POOLS),
      observedRouter([left, shared('a b', 'p')], POOLS),
      OCTAVIA,
    ).map(describeChange);
    expect(written[0]).toMatch(/^create l7policy shared\|StandIn2 /);
    expect(written).toContain('delete l7policy shared|StandIn on HTTP:80');
    expect(written).toContain('delete l7policy shared|StandIn2 on HTTP:80');
  });

  const PATHS = ['/x', '/x/y', '/z'];
  const set = (names: string[]) => fc.subarray(names, { minLength: 1 }).map((list) => list.join(' '));
  const anyShared = (key: string) =>
    fc
      .tuple(set(['a', 'b', 'c']), fc.oneof(set(PATHS), fc.constant('')), fc.constantFrom('p', 'q'))
      .map(([hosts, paths, target]) => shared(`${hosts}|${paths}`, target, key));
  const anyPolicies = fc
    .subarray(['one', 'two', 'three'])
    .chain((keys) => fc.tuple(...keys.map(anyShared)))
    .chain((policies) => fc.shuffledSubarray(policies, { minLength: policies.length }));

  it.each([
    ['everything at once', FULL_CAPABILITIES],
    ['rule by rule', OCTAVIA],
    ['short rules', SHORT],
  ])(
    'lets every request be decided as before or as after, and be stopped at any write, on a router that takes %s',
    (_name, capabilities) => {
      fc.assert(
        fc.property(anyPolicies, anyPolicies, fc.nat({ max: 12 }), anyPolicies, (start, meanwhile, writes, end) => {
          let observed: ObservedRouter = observedRouter(start, POOLS);
          for (const [wanted, most] of [
            [meanwhile, writes],
            [end, Number.POSITIVE_INFINITY],
          ] as const) {
            const states = [observed];
            for (const change of plan(desiredRouter(wanted, POOLS), observed, capabilities)) {
              states.push(applyChange(states.at(-1) ?? observed, change));
            }
            expectEitherDecision(states);
            observed = states[Math.min(most, states.length - 1)] ?? observed;
          }
          expect(plan(desiredRouter(end, POOLS), observed, capabilities)).toEqual([]);
          expect(observed.listeners[0]?.policies.map(({ key }) => key).sort()).toEqual(
            end.map(({ key }) => key).sort(),
          );
        }),
        { numRuns: 100 },
      );
    },
  );

  function expectEitherDecision(states: readonly ObservedRouter[]): void {
    for (const host of ['a.x', 'b.x', 'c.x']) {
      for (const path of ['/', ...PATHS]) {
        const decisions = states.map((state) => decisionOn(state, HTTP.key, { host, path }));
        const detours = decisions.filter((decision) => decision !== decisions[0] && decision !== decisions.at(-1));
        expect([host, path, detours]).toEqual([host, path, []]);
      }
    }
  }
});
