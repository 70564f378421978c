import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Candidate } from './candidate.js';
import { createBalancer } from './create-balancer.js';
import { LeastConnections } from './least-connections.js';
import { RoundRobin } from './round-robin.js';
import { SourceIp } from './source-ip.js';

function candidate(key: string, weight = 1, active = 0): Candidate {
  return { key, weight, active };
}

function picks(count: number, pick: () => Candidate | undefined): string {
  return Array.from({ length: count }, () => pick()?.key).join('');
}

const candidateLists = fc.uniqueArray(
  fc.record({ key: fc.string({ minLength: 1 }), weight: fc.integer({ min: 1, max: 256 }), active: fc.nat(100) }),
  { minLength: 1, maxLength: 12, selector: ({ key }) => key },
);

describe('ROUND_ROBIN', () => {
  it('takes turns', () => {
    const balancer = new RoundRobin();
    const members = ['a', 'b', 'c'].map((key) => candidate(key));
    expect(picks(6, () => balancer.pick(members))).toBe('abcabc');
  });

  it('spreads the turns of a heavy member over the round', () => {
    const balancer = new RoundRobin();
    const members = [candidate('a', 5), candidate('b'), candidate('c')];
    expect(picks(14, () => balancer.pick(members))).toBe('aabacaaaabacaa');
  });

  it('gives each member its weight in every whole round', () => {
    fc.assert(
      fc.property(candidateLists, (members) => {
        const balancer = new RoundRobin();
        const counts = new Map<string, number>();
        const total = members.reduce((sum, { weight }) => sum + weight, 0);
        for (let turn = 0; turn < total; turn++) {
          const key = balancer.pick(members)?.key ?? '';
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        for (const { key, weight } of members) expect(counts.get(key)).toBe(weight);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on where it was when a member joins', () => {
    const balancer = new RoundRobin();
    const members = ['a', 'b'].map((key) => candidate(key));
    expect(picks(1, () => balancer.pick(members))).toBe('a');
    expect(picks(4, () => balancer.pick([...members, candidate('c')]))).toBe('bcab');
  });
});

describe('LEAST_CONNECTIONS', () => {
  it('takes the member with the fewest requests for its weight', () => {
    const balancer = new LeastConnections();
    expect(balancer.pick([candidate('a', 1, 2), candidate('b', 4, 4), candidate('c', 1, 3)])?.key).toBe('b');
  });

  it('takes turns among members that are equally busy', () => {
    const balancer = new LeastConnections();
    const members = [candidate('a'), candidate('b', 1, 1), candidate('c')];
    expect(picks(4, () => balancer.pick(members))).toBe('acac');
  });
});

describe('SOURCE_IP', () => {
  const clients = Array.from({ length: 2_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

  it('sends a client to the same member, in whatever order members are listed', () => {
    fc.assert(
      fc.property(candidateLists, fc.ipV4(), (members, client) => {
        const balancer = new SourceIp();
        expect(balancer.pick(members, client)?.key).toBe(balancer.pick(members.toReversed(), client)?.key);
      }),
    );
  });

  it('moves only the clients of a member that leaves', () => {
    fc.assert(
      fc.property(candidateLists, fc.ipV4(), fc.nat(), (members, client, index) => {
        const balancer = new SourceIp();
        const before = balancer.pick(members, client);
        const leaving = members[index % members.length];
        const after = balancer.pick(
          members.filter((one) => one !== leaving),
          client,
        );
        if (before !== leaving) expect(after).toBe(before);
      }),
    );
  });

  it('gives members shares of the clients by their weights', () => {
    const balancer = new SourceIp();
    const members = [candidate('10.1.0.1:80', 3), candidate('10.1.0.2:80', 1)];
    const heavy = clients.filter((client) => balancer.pick(members, client)?.key === '10.1.0.1:80').length;
    expect(heavy / clients.length).toBeCloseTo(0.75, 1);
  });
});

it('every algorithm chooses one of the candidates, and none from none', () => {
  for (const algorithm of ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'] as const) {
    const balancer = createBalancer(algorithm);
    fc.assert(fc.property(candidateLists, (members) => expect(members).toContain(balancer.pick(members, '192.0.2.1'))));
    expect(balancer.pick([], '192.0.2.1')).toBeUndefined();
  }
});
