import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { FakeClock } from '@kuryr-l7/kube/testing';
import { ResyncRounds } from './resync-rounds.js';

const PERIOD = 300_000;

let clock: FakeClock;
let rounds: ResyncRounds;
let surveys: number;
/** Surveys that fail. */
let failures: number;
let isBusy: boolean;
let lines: string[];
let turns: { readonly service: string; readonly at: number }[];

beforeEach(() => {
  clock = new FakeClock();
  surveys = 0;
  failures = 0;
  isBusy = false;
  turns = [];
  lines = [];
  rounds = new ResyncRounds({
    period: PERIOD,
    survey: async () => {
      surveys += 1;
      if (surveys <= failures) throw new Error('503');
      return ['a', 'b', 'c'];
    },
    lookAgain: (service) => turns.push({ service, at: clock.now() }),
    isBusy: () => isBusy,
    logger: { ...SILENT_LOGGER, info: (text) => lines.push(text), warn: (text) => lines.push(text) },
    clock,
    random: () => 0.5,
  });
});

afterEach(async () => {
  await rounds.stop();
  expect(clock.pending).toBe(0);
});

describe('the rounds of a resync', () => {
  it('take each Service once in a period, spread over it, after one survey for all', async () => {
    rounds.start();
    await clock.advance(PERIOD - 1);
    expect(surveys).toBe(1);
    expect(turns).toEqual([
      { service: 'a', at: 75_000 },
      { service: 'b', at: 150_000 },
      { service: 'c', at: 225_000 },
    ]);
    await clock.advance(PERIOD);
    expect(surveys).toBe(2);
    expect(turns).toHaveLength(6);
  });

  it('let changes go first', async () => {
    isBusy = true;
    rounds.start();
    await clock.advance(PERIOD);
    expect(turns).toEqual([]);
    isBusy = false;
    await clock.advance(1_000);
    expect(turns.map(({ service }) => service)).toEqual(['a']);
  });

  it('are begun again and again where the cloud fails, less and less often', async () => {
    failures = 3;
    rounds.start();
    for (const [wait, expected] of [
      [749, 1],
      [1, 2],
      [1_499, 2],
      [1, 3],
      [2_999, 3],
      [1, 4],
    ] as const) {
      await clock.advance(wait);
      expect(surveys).toBe(expected);
    }
    await clock.advance(PERIOD - 1);
    expect([surveys, turns.length]).toEqual([4, 3]);
    expect(lines).toEqual([
      expect.stringMatching(/can not be looked at again.*: 503; tried again$/),
      'load balancers of Services are looked at again',
    ]);
  });
});
