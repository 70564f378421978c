import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../../apply-change.js';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import type { Change } from '../../change.js';
import type { L7Policy, ObservedRouter } from '../../model.js';
import { inPolicyOrder, policiesConflict } from '../../policy-order.js';
import { plan } from '../plan.js';
import { desiredRouter, KEYS, observedRouter, policy } from '../router.fixture.js';

const inOrder = (policies: readonly L7Policy[]): readonly L7Policy[] =>
  inPolicyOrder(policies).map(({ policy }) => policy);

/** Changes from policies in one order to the same policies, and some new ones, in theirs. */
function changesFrom(standing: readonly L7Policy[], added: readonly L7Policy[] = []): readonly Change[] {
  return plan(desiredRouter(inOrder([...standing, ...added])), observedRouter(standing), FULL_CAPABILITIES);
}

const movesOf = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((change) => (change.type === 'updatePolicy' ? [change.policy] : []));

/** The fewest policies to take out of the list, so that a place can be found for them and for the added ones. */
function fewestMoves(standing: readonly L7Policy[], added: readonly L7Policy[]): number {
  const wanted = inOrder([...standing, ...added]);
  let fewest = standing.length;
  for (let choice = 0; choice < 2 ** standing.length; choice += 1) {
    const kept = standing.filter((_, index) => (choice & (1 << index)) === 0);
    if (standing.length - kept.length < fewest && canBePlaced(wanted, kept)) fewest = standing.length - kept.length;
  }
  return fewest;
}

/** Is there an order of all that has the kept ones as they are, and conflicting ones as wanted? (Kahn) */
function canBePlaced(wanted: readonly L7Policy[], kept: readonly L7Policy[]): boolean {
  const precedes = (a: L7Policy, b: L7Policy): boolean => {
    if (kept.includes(a) && kept.includes(b) && kept.indexOf(a) < kept.indexOf(b)) return true;
    return wanted.indexOf(a) < wanted.indexOf(b) && policiesConflict(a, b);
  };
  let left = [...wanted];
  while (left.length > 0) {
    const rest = left.filter((policy) => left.some((other) => precedes(other, policy)));
    if (rest.length === left.length) return false;
    left = rest;
  }
  return true;
}

function conflictsInWrongOrder({ listeners }: ObservedRouter, wanted: readonly L7Policy[]): number {
  const keys = listeners.flatMap(({ policies }) => policies.map(({ key }) => key));
  const pairs = wanted.flatMap((a, index) => wanted.slice(index + 1).map((b) => [a, b] as const));
  return pairs.filter(([a, b]) => policiesConflict(a, b) && keys.indexOf(a.key) > keys.indexOf(b.key)).length;
}

describe('moving policies', () => {
  it('leaves different hosts, and paths that do not overlap, in whatever order they are', () => {
    const standing = ['b.x|Prefix|/b', 'b.x|Exact|/c', 'a.x|Prefix|/', '*.y|Prefix|/', 'c.x|Prefix|/'];
    expect(changesFrom(standing.map((key) => policy(key, 'p')))).toEqual([]);
  });

  it('moves the one policy that stands in front of everything', () => {
    const standing = ['|Prefix|/', 'b.x|Prefix|/', '*.x|Prefix|/', 'a.y|Prefix|/'].map((key) => policy(key, 'p'));
    const moved = changesFrom(standing);
    expect(moved).toEqual([{ type: 'updatePolicy', listener: 'HTTP:80', policy: '|Prefix|/', patch: {}, position: 4 }]);
  });

  it('puts a new policy between two that did not mind each other, by moving one of them', () => {
    const standing = ['*.x|Prefix|/b', 'a.x|Exact|/a'].map((key) => policy(key, 'p'));
    expect(changesFrom(standing)).toEqual([]);
    expect(movesOf(changesFrom(standing, [policy('a.x|Prefix|/', 'p')]))).toHaveLength(1);
    expect(movesOf(changesFrom(standing, [policy('a.x|Prefix|/', 'p', { rules: [] })]))).toEqual([]);
  });

  it('puts a moved one before what has to come after it, even if that is out of order with others', () => {
    const host = ['a.x|Prefix|/', 'a.x|Exact|/a', 'a.x|Exact|/b'];
    const standing = [...host, '|Exact|/a', '*.x|Prefix|/b'].map((key) => policy(key, 'p'));
    const changes = changesFrom(standing);
    expect(movesOf(changes)).toEqual(['a.x|Prefix|/']);
    expect(conflictsInWrongOrder(changes.reduce(applyChange, observedRouter(standing)), inOrder(standing))).toBe(0);
  });

  it('counts neither policies without rules nor those of another action class', () => {
    const general = policy('a.x|Prefix|/', 'p');
    const exact = policy('a.x|Exact|/a', { action: 'REJECT' });
    expect(changesFrom([general, exact])).toEqual([]);
    expect(changesFrom([general, policy('a.x|Exact|/a', 'p', { rules: [] })])).toEqual([]);
  });

  it('makes as few moves as any choice of policies to move would need', () => {
    const policies = fc
      .shuffledSubarray([...KEYS], { minLength: 2, maxLength: 8 })
      .map((keys) => keys.map((key) => policy(key, 'p')));
    fc.assert(
      fc.property(policies, fc.nat({ max: 3 }), (policies, newOnes) => {
        const [added, standing] = [policies.slice(0, newOnes), policies.slice(newOnes)];
        const changes = changesFrom(standing, added);
        const reached = changes.reduce(applyChange, observedRouter(standing));
        expect(conflictsInWrongOrder(reached, inOrder(policies))).toBe(0);
        expect(movesOf(changes)).toHaveLength(fewestMoves(standing, added));
      }),
      { numRuns: 500 },
    );
  });

  it('still moves a single one when thousands stand behind it, and none whose order nobody minds', () => {
    const hosts = Array.from({ length: 1_000 }, (_, index) => `host-${(index * 7) % 1_000}.x`);
    const sites = hosts.flatMap((host) => [policy(`${host}|Prefix|/b`, 'p'), policy(`${host}|Prefix|/a`, 'p')]);
    expect(changesFrom(sites)).toEqual([]);
    const inHostOrder = hosts.flatMap((host) => [policy(`${host}|Prefix|/a`, 'p'), policy(`${host}|Prefix|/b`, 'p')]);
    const wrongHost = ['Prefix|/', 'Exact|/a', 'Exact|/b'].map((path) => policy(`wrong.x|${path}`, 'p'));
    const standing = [policy('|Prefix|/', 'p'), ...inHostOrder, ...wrongHost];
    expect(movesOf(changesFrom(standing))).toEqual(['wrong.x|Prefix|/', '|Prefix|/']);
  });
});
