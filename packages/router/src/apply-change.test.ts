import { describe, expect, it } from '@jest/globals';
import { applyChange } from './apply-change.js';
import type { Change } from './change.js';
import { ChangeRefusedError } from './change-refused-error.js';
import { emptyRouter } from './empty-router.js';
import type { ObservedRouter } from './model.js';
import { HTTP, member, observedRouter, policy, pool } from './plan/router.fixture.js';
import { everyPathRule, exactPathRule } from './rule-forms.js';

const listener = HTTP.key;
const at = (position?: number) => ({ ...(position !== undefined && { position }) });
const create = (key: string, position?: number, target: Parameters<typeof policy>[1] = 'p'): Change => ({
  type: 'createPolicy',
  listener,
  policy: policy(key, target, { rules: [everyPathRule()] }),
  ...at(position),
});
const keysOf = ({ listeners }: ObservedRouter) =>
  listeners.flatMap(({ policies }) => policies.map(({ key }) => key)).join(' ');
const routerWith = (keys: string) =>
  observedRouter(
    keys.split(' ').map((key) => policy(key, 'p', { rules: [everyPathRule()] })),
    [pool('p')],
  );

describe('positions on a router', () => {
  it.each<[string, Change, string]>([
    ['append without one', create('x'), 'a b c x'],
    ['shift what stands there', create('x', 2), 'a x b c'],
    ['append beyond the end', create('x', 100), 'a b c x'],
    ['move forward', { type: 'updatePolicy', listener, policy: 'c', patch: {}, position: 1 }, 'c a b'],
    [
      'move backward, counted without the moved one',
      { type: 'updatePolicy', listener, policy: 'a', patch: {}, position: 2 },
      'b a c',
    ],
    ['move to the end', { type: 'updatePolicy', listener, policy: 'a', patch: {}, position: 3 }, 'b c a'],
    ['close the gap', { type: 'deletePolicy', listener, policy: 'b' }, 'a c'],
  ])('%s', (_name, change, expected) => {
    expect(keysOf(applyChange(routerWith('a b c'), change))).toBe(expected);
  });
});

describe('one write', () => {
  it('leaves everything else the same object', () => {
    const before = routerWith('a b');
    const after = applyChange(before, { type: 'createRule', listener, policy: 'b', rule: exactPathRule('/') });
    expect(after.pools).toBe(before.pools);
    expect(after.listeners[0]?.policies[0]).toBe(before.listeners[0]?.policies[0]);
    expect(after.listeners[0]?.policies[1]?.rules).toEqual([everyPathRule(), exactPathRule('/')]);
    expect(before.listeners[0]?.policies[1]?.rules).toEqual([everyPathRule()]);
  });

  it('that changes the action clears what belonged to the one before', () => {
    const patch = { action: 'REDIRECT_TO_URL', redirectUrl: 'https://x/' } as const;
    const after = applyChange(routerWith('a'), { type: 'updatePolicy', listener, policy: 'a', patch });
    expect(after.listeners[0]?.policies[0]).toEqual({
      ...policy('a', patch, { rules: [everyPathRule()] }),
    });
    expect(applyChange(after, { type: 'deletePool', pool: 'p' }).pools).toEqual([]);
  });

  it('to a failed policy brings it back', () => {
    const failed = observedRouter([{ ...policy('a', 'p'), failed: true }]);
    const after = applyChange(failed, { type: 'updatePolicy', listener, policy: 'a', patch: { enabled: true } });
    expect(after.listeners[0]?.policies[0]).not.toHaveProperty('failed');
  });

  it('fills, changes and empties a pool', () => {
    const healthMonitor = { type: 'TCP', delay: 5, timeout: 2, maxRetries: 3, maxRetriesDown: 3 } as const;
    const changes: Change[] = [
      { type: 'createPool', pool: pool('p') },
      { type: 'setMembers', pool: 'p', members: [member(1)] },
      { type: 'setHealthMonitor', pool: 'p', healthMonitor },
      { type: 'updatePool', pool: pool('p', [], { lbAlgorithm: 'SOURCE_IP' }) },
    ];
    const filled = changes.reduce(applyChange, emptyRouter([HTTP]));
    expect(filled.pools).toEqual([{ ...pool('p', [member(1)], { lbAlgorithm: 'SOURCE_IP', healthMonitor }) }]);
    expect(applyChange(filled, { type: 'deleteHealthMonitor', pool: 'p' }).pools[0]).not.toHaveProperty(
      'healthMonitor',
    );
  });
});

describe('a router refuses', () => {
  const foreign = { foreign: true };
  const router = observedRouter(
    [policy('ours', 'p'), { ...policy('failed', 'p'), failed: true }, { ...policy('theirs', 'p'), ...foreign }],
    [pool('p'), { ...pool('failed'), failed: true }, { ...pool('theirs'), ...foreign }],
  );
  const rule = everyPathRule();

  it.each<[string, Change, string]>([
    [
      'to delete a pool in use',
      { type: 'deletePool', pool: 'p' },
      'cannot delete pool p: it is in use by l7policy ours on listener HTTP:80',
    ],
    ['to lead to no such pool', create('x', 1, 'nowhere'), 'pool nowhere is not there'],
    ['to lead to no pool at all', create('x', 1, { action: 'REDIRECT_TO_POOL' }), 'names no pool'],
    ['to redirect nowhere', create('x', 1, { action: 'REDIRECT_TO_URL' }), 'names no URL'],
    ['to redirect to no prefix', create('x', 1, { action: 'REDIRECT_PREFIX' }), 'names no URL prefix'],
    ['to answer without a status', create('x', 1, { action: 'FIXED_RESPONSE' }), 'names no status'],
    [
      'to switch to no such pool',
      { type: 'updatePolicy', listener, policy: 'ours', patch: { redirectPool: 'nowhere' } },
      'is not there',
    ],
    ['a second policy of a key', create('ours'), 'a policy of this key is there'],
    ['position 0', create('x', 0), 'positions start at 1'],
    [
      'to change what is not ours',
      { type: 'updatePolicy', listener, policy: 'theirs', patch: {} },
      'no policy of this cluster',
    ],
    ['to delete what is not ours', { type: 'deletePolicy', listener, policy: 'theirs' }, 'no policy of this cluster'],
    ['to delete a pool that is not ours', { type: 'deletePool', pool: 'theirs' }, 'no pool of this cluster'],
    ['a rule of a failed policy', { type: 'createRule', listener, policy: 'failed', rule }, 'the policy is in ERROR'],
    ['to delete a rule that is not there', { type: 'deleteRule', listener, policy: 'ours', rule }, 'no such rule'],
    ['an unknown listener', { type: 'deletePolicy', listener: 'HTTP:81', policy: 'ours' }, 'no such listener'],
    ['a second pool of a name', { type: 'createPool', pool: pool('p') }, 'a pool of this name is there'],
    ['members of a failed pool', { type: 'setMembers', pool: 'failed', members: [] }, 'the pool is in ERROR'],
    [
      'a member twice',
      { type: 'setMembers', pool: 'p', members: [member(1), member(1, 5)] },
      'the same address and port',
    ],
    ['to delete a monitor that is not there', { type: 'deleteHealthMonitor', pool: 'p' }, 'the pool has none'],
  ])('%s', (_name, change, message) => {
    expect(() => applyChange(router, change)).toThrow(ChangeRefusedError);
    expect(() => applyChange(router, change)).toThrow(message);
    expect(() => applyChange(router, change)).toThrow(
      expect.objectContaining({ code: 'ERR_CHANGE_REFUSED', retryable: false }),
    );
  });

  it('to change the type of a monitor', () => {
    const healthMonitor = { type: 'TCP', delay: 5, timeout: 2, maxRetries: 3, maxRetriesDown: 3 } as const;
    const monitored = observedRouter([], [pool('p', [], { healthMonitor })]);
    const change: Change = { type: 'setHealthMonitor', pool: 'p', healthMonitor: { ...healthMonitor, type: 'HTTP' } };
    expect(() => applyChange(monitored, change)).toThrow(ChangeRefusedError);
  });
});
