import { describe, expect, it } from '@jest/globals';
import { PollingPace } from './polling-pace.js';

const UNJITTERED = { random: () => 0.5 };

/** Plays changes that take so long; answers how many looks the last one needed and how late its end was seen. */
function play(pace: PollingPace, durations: readonly number[]): { readonly looks: number; readonly late: number } {
  let last = { looks: 0, late: 0 };
  for (const duration of durations) {
    let waited = 0;
    let looks = 0;
    for (const delay of pace.delays('create pool')) {
      waited += delay;
      looks += 1;
      if (waited >= duration) break;
    }
    pace.took('create pool', waited, looks);
    last = { looks, late: waited - duration };
  }
  return last;
}

describe('the pace of looking whether a change is in effect', () => {
  it.each([
    ['a test bed', 100],
    ['an ordinary cloud', 3_000],
    ['a busy cloud', 25_000],
  ])('adapts to %s', (_cloud, duration) => {
    const { looks, late } = play(new PollingPace(UNJITTERED), Array(40).fill(duration));
    expect(looks).toBeLessThanOrEqual(4);
    expect(late).toBeLessThanOrEqual(Math.max(60, 0.35 * duration));
  });

  it('slows down while a change takes longer than ever', () => {
    const [first = 0, second = 0, third = 0, ...rest] = take(new PollingPace(UNJITTERED), 20);
    expect(first).toBe(350);
    expect(second).toBe(75);
    expect(third).toBeGreaterThan(second);
    expect(rest.at(-1)).toBe(5_000);
  });

  it('never looks at two load balancers at the same moments', () => {
    expect(take(new PollingPace({ random: () => 0 }), 3)).not.toEqual(take(new PollingPace({ random: () => 0.9 }), 3));
  });

  it('learns for each kind of change by itself', () => {
    const pace = new PollingPace(UNJITTERED);
    play(pace, Array(20).fill(10_000));
    expect(take(pace, 1, 'create l7rule')).toEqual([350]);
  });
});

function take(pace: PollingPace, count: number, kind = 'create pool'): readonly number[] {
  const delays = pace.delays(kind);
  return Array.from({ length: count }, () => delays.next().value);
}
