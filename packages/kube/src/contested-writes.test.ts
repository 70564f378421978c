import { beforeEach, describe, expect, it } from '@jest/globals';
import { ContestedWrites } from './contested-writes.js';
import { FakeClock } from './fake-clock.js';

describe('a value that somebody else replaces', () => {
  let clock: FakeClock;
  let put: string[];
  let writes: ContestedWrites;
  let version: number;

  beforeEach(() => {
    clock = new FakeClock();
    put = [];
    writes = new ContestedWrites((key) => put.push(key), clock);
    version = 1;
    writes.wrote(object(), 'ours');
  });

  const object = () => ({ metadata: { namespace: 'ns', name: 'web', resourceVersion: String(version) } });

  /** Seen with another value in a new version; written if it may be. */
  function replaced(value = 'ours') {
    version += 1;
    const turn = writes.turn(object(), value);
    if (turn.now) writes.wrote(object(), value);
    return turn;
  }

  it('is mended at once', () => {
    expect(replaced()).toEqual({ isReplaced: true, now: true, isContest: false });
    expect(clock.pending).toBe(0);
  });

  it('is written less and less often where the other insists, and told once', async () => {
    const story: [number, boolean][] = [];
    const until = 3_600_000;
    while (clock.now() < until) {
      const { now, isContest } = replaced();
      if (now || isContest) story.push([clock.now() / 1_000, isContest]);
      if (now) continue;
      const count = put.length;
      while (put.length === count) await clock.advance(1_000);
    }
    expect(story.slice(0, 8)).toEqual([
      [0, false],
      [1, false],
      [1, true],
      [3, false],
      [7, false],
      [15, false],
      [31, false],
      [63, false],
    ]);
    expect(story.filter(([, isContest]) => isContest)).toHaveLength(1);
    expect(story.length).toBeLessThan(25);
  });

  it('is put forward once however often it is looked at meanwhile', async () => {
    replaced();
    for (let look = 0; look < 10; look += 1) expect(replaced().now).toBe(false);
    expect(clock.pending).toBe(1);
    await clock.advance(1_000);
    expect(put).toEqual(['ns/web']);
  });

  it('is mended at once again after it has lasted', async () => {
    for (let times = 0; times < 5; times += 1) {
      replaced();
      await clock.advance(60_000);
    }
    expect(replaced()).toEqual({ isReplaced: true, now: true, isContest: false });
    await clock.advance(600_000);
    expect(replaced()).toEqual({ isReplaced: true, now: true, isContest: false });
    expect(replaced().now).toBe(false);
  });

  it('is no replacement where a cache is behind, or where another value is wanted by now', () => {
    replaced();
    expect(writes.turn(object(), 'ours')).toEqual({ isReplaced: false, now: true, isContest: false });
    expect(replaced('ours, too')).toEqual({ isReplaced: false, now: true, isContest: false });
  });

  it('is not waited for any more when the object is gone or the process ends', () => {
    replaced();
    replaced();
    expect(clock.pending).toBe(1);
    writes.forget('ns/web');
    expect(clock.pending).toBe(0);
    writes.wrote(object(), 'ours');
    replaced();
    replaced();
    writes.stop();
    expect(clock.pending).toBe(0);
  });
});
