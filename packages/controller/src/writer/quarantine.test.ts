import { describe, expect, it } from '@jest/globals';
import type { Pool } from '@kuryr-l7/router';
import { Quarantine, type Wanted } from './quarantine.js';

const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };
const nothing: Wanted = { policy: () => undefined, pool: () => undefined };
const change = { type: 'deletePolicy', listener: 'HTTP:80', policy: 'a' } as const;

describe('what the router has refused', () => {
  it('is held back, longer each time, and named to its owner until it gets through', () => {
    let now = 0;
    const quarantine = new Quarantine(() => now);
    expect(quarantine.add(change, nothing, source, 'refused')).toBe(true);
    expect([...quarantine.holds([], nothing).policies]).toEqual(['HTTP:80 a']);
    const first = quarantine.nextRetry() ?? 0;

    now += first;
    expect(quarantine.holds([], nothing).policies.size).toBe(0);
    expect(quarantine.nextRetry()).toBe(0);
    expect(quarantine.refusals()).toEqual([{ source, message: 'refused' }]);
    expect(quarantine.add(change, nothing, source, 'refused again')).toBe(true);
    expect(quarantine.nextRetry()).toBeGreaterThan(first * 0.99);

    now += quarantine.nextRetry() ?? 0;
    quarantine.passed(quarantine.holds([], nothing));
    expect(quarantine.refusals()).toEqual([]);
    expect(quarantine.nextRetry()).toBeUndefined();
  });

  it('is not forgotten when its time runs out during a pass that did not try it', () => {
    let now = 0;
    const quarantine = new Quarantine(() => now);
    quarantine.add(change, nothing, source, 'refused');
    const holds = quarantine.holds([], nothing);
    now += 60_000;
    quarantine.passed(holds);
    expect(quarantine.refusals()).toHaveLength(1);
    expect(quarantine.nextRetry()).toBe(0);
  });

  it('is tried at once when something else is wanted of it', () => {
    const quarantine = new Quarantine(() => 0);
    const pool = (port: number): Pool => ({
      name: 'ns_a',
      protocol: 'HTTP',
      lbAlgorithm: 'ROUND_ROBIN',
      members: [{ address: '10.0.0.1', port, weight: 1, backup: false }],
      source,
    });
    const refused = pool(1);
    const wanting = (wanted: Pool): Wanted => ({ policy: () => undefined, pool: () => wanted });
    quarantine.add({ type: 'setMembers', pool: 'ns_a', members: refused.members }, wanting(refused), source, 'no');
    expect([...quarantine.holds(['ns_b'], wanting(refused)).pools].sort()).toEqual(['ns_a', 'ns_b']);
    expect([...quarantine.holds(['ns_b'], wanting(pool(2))).pools]).toEqual(['ns_b']);
  });

  it('says when holding it does not keep it from being planned', () => {
    const quarantine = new Quarantine(() => 0);
    quarantine.add(change, nothing, source, 'refused');
    expect(quarantine.add(change, nothing, source, 'refused')).toBe(false);
  });
});
