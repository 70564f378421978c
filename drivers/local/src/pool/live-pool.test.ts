import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from '@kuryr-l7/router';
import { FakeClock } from '../clock.fixture.js';
import { testMember, testPool } from '../local-router.fixture.js';
import { DEFAULT_TIMEOUTS } from '../local-router-options.js';
import { LivePool } from './live-pool.js';
import { MemberConnections } from './member-connections.js';
import { HOLD_OFF_MILLISECONDS, type PoolMember } from './pool-member.js';

let clock: FakeClock;
let connections: MemberConnections;
beforeEach(() => {
  clock = new FakeClock();
  connections = new MemberConnections(DEFAULT_TIMEOUTS);
});
afterEach(() => connections.destroy());

function live(pool: Pool): LivePool {
  return new LivePool(pool, connections, clock);
}

function ports(pool: LivePool, count: number, tried?: ReadonlySet<PoolMember>): (number | undefined)[] {
  return Array.from({ length: count }, () => pool.pick('192.0.2.1', tried)?.port);
}

describe('a pool', () => {
  it('gives nothing to a member of weight 0', () => {
    const pool = live(testPool([testMember(1, { weight: 0 }), testMember(2)]));
    expect(ports(pool, 3)).toEqual([2, 2, 2]);
    pool.update(testPool([testMember(1, { weight: 0 })]));
    expect(ports(pool, 1)).toEqual([undefined]);
  });

  it('gives to backups only while no other member would take it', () => {
    const members = [testMember(1), testMember(2, { backup: true }), testMember(3, { backup: true })];
    const pool = live(testPool(members));
    expect(ports(pool, 2)).toEqual([1, 1]);
    const first = pool.pick('192.0.2.1');
    if (first !== undefined) pool.holdOff(first);
    expect(ports(pool, 4)).toEqual([2, 3, 2, 3]);
  });

  it('passes over a member that refused a connection, for a second', async () => {
    const pool = live(testPool([testMember(1), testMember(2)]));
    const refusing = pool.pick('192.0.2.1');
    expect(refusing?.port).toBe(1);
    if (refusing !== undefined) pool.holdOff(refusing);
    expect(ports(pool, 3)).toEqual([2, 2, 2]);
    await clock.advance(HOLD_OFF_MILLISECONDS);
    expect(ports(pool, 2).sort()).toEqual([1, 2]);
  });

  it('asks members that refused all the same where there is nobody else', () => {
    const pool = live(testPool([testMember(1), testMember(2)]));
    for (const member of [pool.pick('192.0.2.1'), pool.pick('192.0.2.1')]) {
      if (member !== undefined) pool.holdOff(member);
    }
    expect(ports(pool, 2).sort()).toEqual([1, 2]);
  });

  it('does not give a request to a member that it was tried on', () => {
    const pool = live(testPool([testMember(1), testMember(2)]));
    const first = pool.pick('192.0.2.1');
    const tried = new Set(first === undefined ? [] : [first]);
    expect(ports(pool, 2, tried)).toEqual([2, 2]);
  });

  it('keeps its members, their state and its place in the round when it is updated', () => {
    const pool = live(testPool([testMember(1), testMember(2), testMember(3)]));
    const first = pool.pick('192.0.2.1');
    expect(first?.port).toBe(1);
    if (first !== undefined) first.active = 7;
    pool.update(testPool([testMember(1, { weight: 2 }), testMember(2), testMember(3)]));
    expect(ports(pool, 2).sort()).toEqual([2, 3]);
    expect(first).toMatchObject({ weight: 2, active: 7 });
  });

  it('takes up another algorithm', () => {
    const pool = live(testPool([testMember(1), testMember(2)]));
    pool.update(testPool([testMember(1), testMember(2)], { lbAlgorithm: 'SOURCE_IP' }));
    expect(new Set(ports(pool, 4)).size).toBe(1);
  });

  it('checks the health of its members while it has a monitor', async () => {
    const monitor = { type: 'TCP', delay: 1, timeout: 1, maxRetries: 1, maxRetriesDown: 1 } as const;
    const pool = live(testPool([testMember(1)], { healthMonitor: monitor }));
    const member = pool.pick('192.0.2.1');
    while (member?.up === true) await clock.advance(0);
    expect(ports(pool, 1)).toEqual([undefined]);
    pool.update(testPool([testMember(1)]));
    expect(ports(pool, 1)).toEqual([1]);
    expect(clock.pending).toBe(0);
  });

  it('writes IPv6 members in brackets', () => {
    const pool = live(testPool([testMember(80, { address: '2001:db8::1' })]));
    expect(pool.pick('192.0.2.1')?.key).toBe('[2001:db8::1]:80');
  });
});
