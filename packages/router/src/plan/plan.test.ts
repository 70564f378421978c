import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES } from '../capabilities.js';
import type { HealthMonitor } from '../model.js';
import { OCTAVIA } from '../octavia.fixture.js';
import { plan } from './plan.js';
import { described, desiredRouter, member, observedRouter, policy, pool, SOURCE } from './router.fixture.js';

const monitor: HealthMonitor = { type: 'HTTP', delay: 5, timeout: 2, maxRetries: 3, maxRetriesDown: 3 };
const theirs = { foreign: true, id: 'theirs' };

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
