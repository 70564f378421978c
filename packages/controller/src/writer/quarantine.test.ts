import { describe, expect, it } from '@jest/globals';
import { Quarantine } from './quarantine.js';

const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };

describe('what the router has refused', () => {
  it('is held back, longer each time, and named to its owner until it gets through', () => {
    let now = 0;
    const quarantine = new Quarantine(() => now);
    const change = { type: 'deletePolicy', listener: 'HTTP:80', policy: 'a' } as const;
    quarantine.add(change, source, 'refused');
    expect([...quarantine.holds([]).policies]).toEqual(['HTTP:80 a']);
    const first = quarantine.nextRetry() ?? 0;

    now += first;
    expect(quarantine.holds([]).policies.size).toBe(0);
    expect(quarantine.refusals()).toEqual([{ source, message: 'refused' }]);
    quarantine.add(change, source, 'refused again');
    expect(quarantine.nextRetry()).toBeGreaterThan(first * 0.99);

    now += quarantine.nextRetry() ?? 0;
    quarantine.passed();
    expect(quarantine.refusals()).toEqual([]);
    expect(quarantine.nextRetry()).toBeUndefined();
  });

  it('holds a refused pool together with those that nobody has filled', () => {
    const quarantine = new Quarantine(() => 0);
    quarantine.add({ type: 'setMembers', pool: 'ns_a', members: [] }, source, 'no');
    expect([...quarantine.holds(['ns_b']).pools].sort()).toEqual(['ns_a', 'ns_b']);
  });
});
