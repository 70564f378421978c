import { describe, expect, it } from '@jest/globals';
import type { Change, L7Policy, L7Rule, Member, ObservedRouter } from '@kuryr-l7/router';
import { newerMembers } from './newer-members.js';

const listener = 'HTTP:80';
const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };
const rule = (value: string): L7Rule => ({ type: 'PATH', compareType: 'EQUAL_TO', value, invert: false });
const member: Member = { address: '10.0.0.1', port: 80, weight: 1, backup: false };

const policy = (key: string, redirectPool: string): L7Policy => ({
  key,
  action: 'REDIRECT_TO_POOL',
  redirectPool,
  enabled: true,
  rules: [rule('/a')],
  source,
});

const router = (
  pools: Readonly<Record<string, readonly Member[]>>,
  ...policies: readonly L7Policy[]
): ObservedRouter => ({
  listeners: [{ key: listener, protocol: 'HTTP', port: 80, policies }],
  pools: Object.entries(pools).map(([name, members]) => ({
    name,
    protocol: 'HTTP',
    lbAlgorithm: 'ROUND_ROBIN',
    members,
    source,
  })),
});

const setMembers = (pool: string): Change => ({ type: 'setMembers', pool, members: [member, { ...member, port: 81 }] });
const createPolicy = (key: string, pool: string): Change => ({
  type: 'createPolicy',
  listener,
  policy: policy(key, pool),
});
const createRule = (key: string): Change => ({ type: 'createRule', listener, policy: key, rule: rule('/b') });

describe('newer members', () => {
  it('are written at once where their pool has members already, whatever else is to be done', () => {
    const older = [createPolicy('a', 'p'), createRule('a')];
    expect(newerMembers([createPolicy('b', 'p'), setMembers('p')], older, router({ p: [member] }))).toEqual({
      now: [setMembers('p')],
      again: Number.POSITIVE_INFINITY,
    });
  });

  it('are written at once where nothing is to be done with the policies that lead to their empty pool', () => {
    const older = [createPolicy('a', 'q'), createRule('a')];
    const observed = router({ p: [], q: [] }, policy('b', 'p'));
    expect(newerMembers([setMembers('p')], older, observed).now).toEqual([setMembers('p')]);
  });

  it('of an empty pool wait until the older plan has made the policies that lead to it', () => {
    const older = [createRule('a'), createPolicy('b', 'p'), createRule('b'), createRule('b'), createPolicy('c', 'q')];
    const observed = router({ p: [] }, policy('a', 'p'));
    expect(newerMembers([setMembers('p')], older, observed)).toEqual({ now: [], again: 4 });
    expect(newerMembers([setMembers('p')], older.slice(4), observed).now).toEqual([setMembers('p')]);
  });

  it('of an empty pool wait where a policy is switched to it, or has left it', () => {
    const patch = { action: 'REDIRECT_TO_POOL', redirectPool: 'p' } as const;
    const older: Change[] = [{ type: 'updatePolicy', listener, policy: 'a', patch }, createRule('a')];
    expect(newerMembers([setMembers('p')], older, router({ p: [] }, policy('a', 'q'))).again).toBe(2);
    expect(newerMembers([setMembers('q')], older, router({ q: [] }, policy('a', 'q'))).again).toBe(1);
  });

  it('of an empty pool wait for the newer plan, where that completes a policy first', () => {
    const observed = router({ p: [] }, policy('a', 'p'));
    expect(newerMembers([createRule('a'), setMembers('p')], [], observed)).toEqual({
      now: [],
      again: Number.POSITIVE_INFINITY,
    });
  });

  it('of a pool that is not there are left to the newer plan', () => {
    expect(newerMembers([setMembers('p')], [], router({})).now).toEqual([]);
  });
});
