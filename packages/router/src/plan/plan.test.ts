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

describe('the position of a new policy', () => {
  const positionsIn = (standing: readonly string[], added: readonly string[], foreign: readonly string[] = []) => {
    const own = standing.map((key) => policy(key, 'p'));
    const desired = desiredRouter([...own, ...added.map((key) => policy(key, 'p'))]);
    const observed = observedRouter([...foreign.map((key) => ({ ...policy(key, 'p'), ...theirs })), ...own]);
    return plan(desired, observed, FULL_CAPABILITIES).map((change) =>
      change.type === 'createPolicy' ? `${change.policy.key} ${change.position ?? 'at the end'}` : change.type,
    );
  };

  it('is the end, where nothing has to come after it', () => {
    expect(positionsIn(['b.x|Prefix|/'], ['a.x|Prefix|/'])).toEqual(['a.x|Prefix|/ at the end']);
  });

  it('is before the more general ones, of its host and of any host', () => {
    expect(positionsIn(['a.x|Prefix|/', '*.x|Prefix|/', '|Prefix|/'], ['a.x|Exact|/a', '*.y|Prefix|/'])).toEqual([
      'a.x|Exact|/a 1',
      '*.y|Prefix|/ 4',
    ]);
  });

  it('counts the policies of other people', () => {
    expect(positionsIn(['|Prefix|/'], ['a.x|Prefix|/'], ['z|Prefix|/', 'y|Prefix|/'])).toEqual(['a.x|Prefix|/ 3']);
  });

  it('follows from what has been put in before', () => {
    expect(positionsIn(['|Prefix|/'], ['a.x|Exact|/a', 'a.x|Prefix|/', '*.x|Prefix|/'])).toEqual([
      'a.x|Exact|/a 1',
      'a.x|Prefix|/ 2',
      '*.x|Prefix|/ 3',
    ]);
  });
});

describe('the order of changes', () => {
  it('takes endpoints away first, and deletes a pool when its last policy has left it', () => {
    const observed = observedRouter(
      [policy('a.x|Prefix|/', 'old'), policy('b.x|Prefix|/', 'web'), policy('c.x|Prefix|/', 'old')],
      [
        pool('grown', [member(1)]),
        pool('old'),
        pool('shrunk', [member(1), member(2)]),
        pool('drained', [member(1)]),
        pool('web'),
      ],
    );
    const desired = desiredRouter(
      [policy('a.x|Prefix|/', 'new'), policy('b.x|Prefix|/', 'web')],
      [
        pool('drained', [member(1, 0)]),
        pool('grown', [member(1), member(2)]),
        pool('new', [member(3)]),
        pool('shrunk', [member(1)]),
        pool('web'),
      ],
    );
    expect(described(desired, observed, FULL_CAPABILITIES)).toEqual([
      'set 1 member of pool drained',
      'set 1 member of pool shrunk',
      'set 2 members of pool grown',
      'create pool new with 1 member',
      'update l7policy a.x|Prefix|/ -> pool new on HTTP:80',
      'delete l7policy c.x|Prefix|/ on HTTP:80',
      'delete pool old',
    ]);
  });

  it('makes the more specific policy first, and deletes the more general one first', () => {
    const [specific, general] = [policy('a.x|Exact|/a', 'p'), policy('a.x|Prefix|/', 'p')];
    const both = desiredRouter([specific, general]);
    expect(described(both, observedRouter([], [pool('p')]), FULL_CAPABILITIES)).toEqual([
      'create l7policy a.x|Exact|/a -> pool p on HTTP:80',
      'create l7policy a.x|Prefix|/ -> pool p on HTTP:80',
    ]);
    expect(described(desiredRouter([], [pool('p')]), observedRouter([specific, general]), FULL_CAPABILITIES)).toEqual([
      'delete l7policy a.x|Prefix|/ on HTTP:80',
      'delete l7policy a.x|Exact|/a on HTTP:80',
    ]);
  });

  it('turns a route into a redirect in one write', () => {
    const redirect = policy('a.x|Prefix|/', {
      action: 'REDIRECT_PREFIX',
      redirectPrefix: 'https://a.x',
      redirectHttpCode: 308,
    });
    expect(
      described(desiredRouter([redirect], [pool('p')]), observedRouter([policy('a.x|Prefix|/', 'p')]), OCTAVIA),
    ).toEqual(['update l7policy a.x|Prefix|/ -> redirect 308 to prefix https://a.x on HTTP:80']);
  });
});

describe('what is not ours', () => {
  const foreign = { ...policy('admin', 'web', { rules: [] }), ...theirs };

  it('is left alone, and so is our pool that it leads to', () => {
    const observed = observedRouter(
      [foreign, policy('a.x|Prefix|/', 'web')],
      [pool('web'), { ...pool('admin'), ...theirs }],
    );
    expect(described(desiredRouter([]), observed, FULL_CAPABILITIES)).toEqual([
      'delete l7policy a.x|Prefix|/ on HTTP:80',
    ]);
  });

  it('does not stand for ours of the same key', () => {
    const desired = desiredRouter([policy('a.x|Prefix|/', 'p')]);
    const observed = observedRouter([{ ...policy('a.x|Prefix|/', 'p'), ...theirs }], [pool('p')]);
    expect(described(desired, observed, FULL_CAPABILITIES)).toEqual([
      'create l7policy a.x|Prefix|/ -> pool p on HTTP:80',
    ]);
  });
});

describe('a pool that differs', () => {
  const changesTo = (wanted: Parameters<typeof pool>[2], current: Parameters<typeof pool>[2] = {}) =>
    described(desiredRouter([], [pool('p', [], wanted)]), observedRouter([], [pool('p', [], current)]), OCTAVIA);

  it.each<[string, ReturnType<typeof changesTo>, string[]]>([
    ['in its algorithm', changesTo({ lbAlgorithm: 'SOURCE_IP' }), ['update pool p: SOURCE_IP, Ingress default/web']],
    [
      'in its source',
      changesTo({ source: { ...SOURCE, name: 'b' } }),
      ['update pool p: ROUND_ROBIN, Ingress default/b'],
    ],
    ['in having a monitor', changesTo({ healthMonitor: monitor }), ['set HTTP health monitor of pool p']],
    ['in having none', changesTo({}, { healthMonitor: monitor }), ['delete health monitor of pool p']],
    [
      'in a detail of it',
      changesTo({ healthMonitor: { ...monitor, delay: 9 } }, { healthMonitor: monitor }),
      ['set HTTP health monitor of pool p'],
    ],
    [
      'in its type, which routers cannot change',
      changesTo({ healthMonitor: { ...monitor, type: 'TCP' } }, { healthMonitor: monitor }),
      ['delete health monitor of pool p', 'set TCP health monitor of pool p'],
    ],
    ['in nothing', changesTo({ healthMonitor: { ...monitor } }, { healthMonitor: monitor }), []],
  ])('%s is changed in place', (_name, changes, expected) => {
    expect(changes).toEqual(expected);
  });

  it('only in the order of its members is left as it is', () => {
    const desired = desiredRouter([], [pool('p', [member(1), member(2)])]);
    expect(plan(desired, observedRouter([], [pool('p', [member(2), member(1)])]), OCTAVIA)).toEqual([]);
  });
});

describe('an answer of the router itself', () => {
  const desired = desiredRouter(
    [policy('a.x|NotFound|', { action: 'FIXED_RESPONSE', statusCode: 404 }, { rules: [] })],
    [],
  );

  it('is given by the pool for that where the router has none', () => {
    const both = { ...FULL_CAPABILITIES, notFoundPool: 'not-found' };
    expect(described(desired, observedRouter([]), both)).toEqual([
      'create l7policy a.x|NotFound| -> status 404 on HTTP:80',
    ]);
    expect(described(desired, observedRouter([]), OCTAVIA)).toEqual([
      'create l7policy a.x|NotFound| -> pool not-found on HTTP:80',
    ]);
    expect(described(desired, observedRouter([]), FULL_CAPABILITIES)).toEqual([
      'create l7policy a.x|NotFound| -> status 404 on HTTP:80',
    ]);
  });
});

describe('listeners', () => {
  it('that carry nothing any more lose our policies', () => {
    const observed = observedRouter([policy('a.x|Prefix|/', 'p'), { ...policy('b.x|Prefix|/', 'p'), ...theirs }]);
    expect(described({ listeners: [], pools: [pool('p')] }, observed, OCTAVIA)).toEqual([
      'delete l7policy a.x|Prefix|/ on HTTP:80',
    ]);
  });

  it('that the router lacks are told by the writes it will refuse', () => {
    const desired = desiredRouter([policy('a.x|Prefix|/', 'p')], [pool('p')]);
    const observed = { listeners: [], pools: [pool('p')] };
    expect(described(desired, observed, FULL_CAPABILITIES)).toEqual([
      'create l7policy a.x|Prefix|/ -> pool p on HTTP:80',
    ]);
  });
});
