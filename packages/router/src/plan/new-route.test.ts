import { describe, expect, it } from '@jest/globals';
import { applyChange } from '../apply-change.js';
import { FULL_CAPABILITIES } from '../capabilities.js';
import type { HealthMonitor, L7Rule, ObservedPolicy } from '../model.js';
import { OCTAVIA } from '../octavia.fixture.js';
import { exactPathRule, hostRule } from '../rule-forms.js';
import { plan } from './plan.js';
import {
  described,
  desiredRouter,
  HTTP,
  HTTPS,
  member,
  observedRouter,
  policy,
  pool,
  SOURCE,
} from './router.fixture.js';

const monitor: HealthMonitor = { type: 'HTTP', delay: 5, timeout: 2, maxRetries: 3, maxRetriesDown: 3 };
const theirs = { foreign: true, id: 'theirs' };
const HEADER: L7Rule = { type: 'HEADER', compareType: 'EQUAL_TO', key: 'x', value: 'y', invert: false };

describe('a new route', () => {
  const policies = [policy('a.x|Exact|/foo', 'web')];
  const desired = desiredRouter(policies, [pool('web', [member(1), member(2)], { healthMonitor: monitor })]);

  it('is a pool with all in it and a policy with its rules, where the router takes them so', () => {
    expect(described(desired, observedRouter([]), FULL_CAPABILITIES)).toEqual([
      'create pool web with 2 members',
      'create l7policy a.x|Exact|/foo -> pool web on HTTP:80',
    ]);
  });

  it('is filled last, where the router takes one thing at a time and nothing takes what half of the policy matches', () => {
    expect(described(desired, observedRouter([]), OCTAVIA)).toEqual([
      'create pool web',
      'set HTTP health monitor of pool web',
      'create l7policy a.x|Exact|/foo -> pool web on HTTP:80',
      'create l7rule HOST_NAME REGEX ^a\\.x(:[0-9]*)?$ of l7policy a.x|Exact|/foo on HTTP:80',
      'create l7rule PATH EQUAL_TO /foo of l7policy a.x|Exact|/foo on HTTP:80',
      'set 2 members of pool web',
    ]);
  });

  const beforeAnother = (other: ObservedPolicy) => {
    const after = policy('*.z|Prefix|/', 'other');
    const observed = observedRouter([after, other], [pool('other', [member(9)])]);
    const wanted = desiredRouter([...policies, after], [pool('web', [member(1)]), pool('other', [member(9)])]);
    return plan(wanted, observed, OCTAVIA).filter(({ type }) => type === 'setMembers' || type === 'createPolicy');
  };

  it.each<[string, ObservedPolicy]>([
    ['a wildcard over its host', policy('*.x|Prefix|/', 'other')],
    ['a path of its host that is to go', policy('a.x|Prefix|/bar', 'other')],
    ["other people's default", { ...policy('|Prefix|/', 'other'), ...theirs }],
    ["other people's rule of another form", { ...policy('b.x|Prefix|/', 'other', { rules: [HEADER] }), ...theirs }],
  ])('is filled first and enabled last, where half of it would take requests from %s', (_name, other) => {
    expect(beforeAnother(other)).toMatchObject([
      { type: 'setMembers' },
      { type: 'createPolicy', policy: { enabled: false }, position: 1 },
    ]);
  });

  it.each<[string, ObservedPolicy]>([
    ['of another host', policy('b.x|Prefix|/', 'other')],
    ['evaluated before it anyhow', policy('|Prefix|/', { action: 'REJECT' })],
    ['matching nothing', policy('*.x|Prefix|/', 'other', { enabled: false })],
  ])('is filled last all the same, where what comes after it is %s', (_name, other) => {
    expect(beforeAnother(other)).toMatchObject([
      { type: 'createPolicy', policy: { enabled: true }, position: 1 },
      { type: 'setMembers' },
    ]);
  });

  it('is filled after another policy of its Ingress, of which there is no half', () => {
    const wanted = desiredRouter([...policies, policy('b.x|Prefix|/', 'web')], [pool('web', [member(1)])]);
    expect(plan(wanted, observedRouter([]), OCTAVIA).map(({ type }) => type)).toEqual([
      'createPool',
      'createPolicy',
      'createRule',
      'createRule',
      'createPolicy',
      'createRule',
      'setMembers',
    ]);
  });

  it('is filled first where another policy of its Ingress that leads to its pool has to be', () => {
    const [deep, wide] = [policy('a.x|Exact|/foo', 'web'), policy('b.x|Exact|/foo', 'web')];
    const observed = observedRouter([policy('b.x|Exact|/foo', 'other')]);
    const changes = plan(desiredRouter([deep, wide], [pool('web', [member(1)])]), observed, OCTAVIA);
    expect(changes.map(({ type }) => type).slice(0, 4)).toEqual([
      'createPool',
      'setMembers',
      'createPolicy',
      'createRule',
    ]);
  });

  it('is filled first where something leads to its pool already, and waits for it', () => {
    const there = policy('b.x|Prefix|/', 'web');
    const wanted = desiredRouter([...policies, there], [pool('web', [member(1)])]);
    expect(plan(wanted, observedRouter([there]), OCTAVIA).map(({ type }) => type)).toEqual([
      'setMembers',
      'createPolicy',
      'createRule',
      'createRule',
      'updatePolicy',
    ]);
  });

  it('of a Service that other Ingresses lead to as well waits for none of these', () => {
    const route = (key: string, name: string) => policy(key, 'web', { source: { ...SOURCE, name } });
    const wanted = desiredRouter(
      [
        route('a.x|Exact|/foo', 'first'),
        route('b.x|Exact|/foo', 'first'),
        route('c.x|Exact|/foo', 'second'),
        route('d.x|Prefix|/', 'third'),
        route('e.x|Exact|/foo', 'first'),
      ],
      [pool('web', [member(1)])],
    );
    const changes = plan(wanted, observedRouter([]), OCTAVIA);
    expect(
      changes.map((change) => {
        if (change.type !== 'createPolicy') return change.type;
        return `${change.policy.key} ${change.policy.enabled ? 'enabled' : 'disabled'}`;
      }),
    ).toEqual([
      'createPool',
      'a.x|Exact|/foo enabled',
      'createRule',
      'createRule',
      'b.x|Exact|/foo enabled',
      'createRule',
      'createRule',
      'setMembers',
      'c.x|Exact|/foo disabled',
      'createRule',
      'createRule',
      'updatePolicy',
      'd.x|Prefix|/ enabled',
      'createRule',
      'e.x|Exact|/foo disabled',
      'createRule',
      'createRule',
      'updatePolicy',
    ]);
  });

  it('saves the last write where a single rule makes it live', () => {
    expect(described(desiredRouter([policy('a.x|Prefix|/', 'web')]), observedRouter([]), OCTAVIA)).toEqual([
      'create pool web',
      'create l7policy a.x|Prefix|/ -> pool web on HTTP:80',
      'create l7rule HOST_NAME REGEX ^a\\.x(:[0-9]*)?$ of l7policy a.x|Prefix|/ on HTTP:80',
    ]);
  });

  it('is completed where a crash has left it', () => {
    const all = plan(desired, observedRouter([]), OCTAVIA);
    for (const done of all.keys()) {
      const crashed = all.slice(0, done).reduce(applyChange, observedRouter([]));
      expect(plan(desired, crashed, OCTAVIA)).toEqual(all.slice(done));
    }
  });

  it.each([
    [
      'is completed before its pool is filled',
      [policies[0], policy('b.x|Prefix|/', 'web')],
      ['createRule', 'setMembers', 'createPolicy', 'createRule'],
    ],
    [
      'is deleted before its pool is filled for another one, where nobody wants it any more',
      [policy('b.x|Prefix|/', 'web')],
      ['deletePolicy', 'setMembers', 'createPolicy', 'createRule'],
    ],
    [
      'is disabled before its pool is filled, where it is to have other rules',
      [policy('a.x|Exact|/foo', 'web', { rules: [hostRule('b.x'), exactPathRule('/foo')] })],
      ['updatePolicy', 'setMembers', 'updateRule', 'createRule', 'updatePolicy'],
    ],
    [
      'is disabled before its pool is filled for another one, where it is to lead elsewhere',
      [policy('a.x|Exact|/foo', { action: 'REJECT' }), policy('b.x|Prefix|/', 'web')],
      ['updatePolicy', 'setMembers', 'createRule', 'updatePolicy', 'createPolicy', 'createRule'],
    ],
    [
      'is disabled before its pool is filled, where what comes before it is still to be made',
      [policy('|Exact|/foo', { action: 'REJECT' }), policies[0]],
      ['updatePolicy', 'setMembers', 'createPolicy', 'createRule', 'createRule', 'updatePolicy'],
    ],
  ])('that was left with the first of its rules %s', (_name, wanted, expected) => {
    const halfMade = policy('a.x|Exact|/foo', 'web', { rules: [hostRule('a.x')] });
    const newer = desiredRouter(
      wanted.filter((policy) => policy !== undefined),
      [pool('web', [member(1)])],
    );
    expect(plan(newer, observedRouter([halfMade]), OCTAVIA).map(({ type }) => type)).toEqual(expected);
  });

  it('goes to every listener', () => {
    const both = { ...desired, listeners: [HTTP, HTTPS].map((listener) => ({ ...listener, policies })) };
    const observed = {
      ...observedRouter([]),
      listeners: [HTTP, HTTPS].map((listener) => ({ ...listener, policies: [] })),
    };
    expect(described(both, observed, FULL_CAPABILITIES)).toEqual([
      'create pool web with 2 members',
      'create l7policy a.x|Exact|/foo -> pool web on HTTP:80',
      'create l7policy a.x|Exact|/foo -> pool web on TERMINATED_HTTPS:443',
    ]);
    expect(plan(both, observed, OCTAVIA).map(({ type }) => type)).toEqual([
      'createPool',
      'setHealthMonitor',
      'createPolicy',
      'createRule',
      'createRule',
      'createPolicy',
      'createRule',
      'createRule',
      'setMembers',
    ]);
  });
});
