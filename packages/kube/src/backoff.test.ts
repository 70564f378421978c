import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backoff, backoffDelay } from './backoff.js';

describe('backoffDelay', () => {
  it('doubles with each failure up to the cap, after however many', () => {
    const options = { initial: 5, max: 1000, random: () => 0 };
    expect([1, 2, 3, 8, 9, 5000].map((failures) => backoffDelay(failures, options))).toEqual([
      5, 10, 20, 640, 1000, 1000,
    ]);
  });

  it('stays between half of the delay and the whole, in whole milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, chance) => {
        const whole = backoffDelay(failures, { initial: 800, max: 30_000, jitter: 0 });
        const delay = backoffDelay(failures, { initial: 800, max: 30_000, random: () => chance });
        return Number.isInteger(delay) && delay >= whole / 2 && delay <= whole && whole <= 30_000;
      }),
    );
  });
});

describe('Backoff', () => {
  it('starts over after a reset', () => {
    const backoff = new Backoff({ initial: 1, max: 100, random: () => 0 });
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([1, 2, 4]);
    backoff.reset();
    expect(backoff.next()).toBe(1);
    expect(backoff.failures).toBe(1);
  });
});
