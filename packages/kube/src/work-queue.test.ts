import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock, settle } from './fake-clock.js';
import { WorkQueue, type WorkQueueOptions } from './work-queue.js';

/** A run of the process that the test ends. */
interface Run {
  readonly key: string;
  readonly signal: AbortSignal;
  succeed(): Promise<void>;
  fail(): Promise<void>;
}

describe('WorkQueue', () => {
  let clock: FakeClock;
  let runs: Run[];
  let queue: WorkQueue;
  let errors: { key: string; error: unknown; retryIn: number }[];

  function make(options: Partial<WorkQueueOptions> = {}): void {
    queue = new WorkQueue({
      name: 'test',
      clock,
      random: () => 0,
      onError: (key, error, retryIn) => errors.push({ key, error, retryIn }),
      process: (key, signal) =>
        new Promise<void>((resolve, reject) => {
          runs.push({
            key,
            signal,
            succeed() {
              resolve();
              return settle();
            },
            fail() {
              reject(new Error(`${key} failed`));
              return settle();
            },
          });
        }),
      ...options,
    });
    queue.start();
  }

  const keys = (): string[] => runs.map(({ key }) => key);

  function run(index: number): Run {
    const found = runs.at(index);
    if (found === undefined) throw new Error('no such run');
    return found;
  }

  beforeEach(() => {
    clock = new FakeClock();
    runs = [];
    errors = [];
    make();
  });

  afterEach(async () => {
    const stopped = queue.stop();
    for (const { succeed } of runs) await succeed();
    await stopped;
    expect(clock.pending).toBe(0);
  });

  it('has a key that is added several times processed once', async () => {
    make({ concurrency: 1 });
    for (const key of ['busy', 'a', 'b', 'a', 'a']) queue.add(key);
    await settle();
    expect([queue.depth, queue.inFlight]).toEqual([2, 1]);
    for (let index = 0; index < 3; index += 1) await run(index).succeed();
    expect(keys()).toEqual(['busy', 'a', 'b']);
    expect([queue.depth, queue.inFlight]).toEqual([0, 0]);
  });

  it('processes several keys at once, as many as it may, in the order they came', async () => {
    make({ concurrency: 2 });
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await settle();
    expect(keys()).toEqual(['a', 'b']);
    await run(1).succeed();
    expect(keys()).toEqual(['a', 'b', 'c']);
  });

  it('never processes one key twice at the same time, and runs it again when it was added meanwhile', async () => {
    queue.add('a');
    await settle();
    queue.add('a');
    queue.add('a');
    await settle();
    expect(keys()).toEqual(['a']);
    await run(0).succeed();
    expect(keys()).toEqual(['a', 'a']);
    await run(1).succeed();
    expect(keys()).toEqual(['a', 'a']);
  });

  it('tries a failed key again later and later, up to the cap', async () => {
    make({ initialBackoff: 5, maxBackoff: 40 });
    queue.add('a');
    await settle();
    for (const delay of [5, 10, 20, 40, 40]) {
      const before = runs.length;
      await run(-1).fail();
      await clock.advance(delay - 1);
      expect(runs).toHaveLength(before);
      await clock.advance(1);
      expect(runs).toHaveLength(before + 1);
    }
    expect(queue.retries).toBe(5);
    expect(errors.at(2)).toEqual({ key: 'a', error: new Error('a failed'), retryIn: 20 });
  });

  it('caps the back-off at five minutes', async () => {
    queue.add('a');
    await settle();
    for (let round = 0; round < 20; round += 1) {
      await run(-1).fail();
      await clock.advance(300_000);
    }
    expect(errors.at(-1)?.retryIn).toBe(300_000);
    expect(runs).toHaveLength(21);
  });

  it('forgets failures on success', async () => {
    queue.add('a');
    await settle();
    await run(0).fail();
    await clock.advance(5);
    await run(1).fail();
    expect(queue.failing).toBe(1);
    await clock.advance(10);
    await run(2).succeed();
    expect(queue.failing).toBe(0);
    queue.add('a');
    await settle();
    await run(3).fail();
    expect(errors.map(({ retryIn }) => retryIn)).toEqual([5, 10, 5]);
  });

  it('tries a failing key at once when it is added, and not once more for its back-off', async () => {
    queue.add('a');
    await settle();
    await run(0).fail();
    queue.add('a');
    await settle();
    expect(runs).toHaveLength(2);
    await run(1).succeed();
    await clock.advance(1000);
    expect(runs).toHaveLength(2);
  });

  it('lets no failing key hold up another', async () => {
    make({
      concurrency: 1,
      process: async (key) => {
        runs.push({ key, signal: AbortSignal.abort(), succeed: settle, fail: settle });
        if (key === 'poisoned') throw new Error('never works');
      },
    });
    queue.add('poisoned');
    for (let index = 0; index < 100; index += 1) queue.add(`good-${index}`);
    await settle();
    expect(new Set(keys()).size).toBe(101);
    expect(queue.depth).toBe(0);
  });

  it('treats a process that throws at once like one that rejects', async () => {
    make({
      process: () => {
        throw new Error('at once');
      },
    });
    queue.add('a');
    await settle();
    expect(errors).toEqual([{ key: 'a', error: new Error('at once'), retryIn: 5 }]);
  });

  it('adds a key later; of two times the earlier counts', async () => {
    queue.addAfter('a', 1000);
    queue.addAfter('a', 500);
    queue.addAfter('a', 2000);
    await clock.advance(499);
    expect(runs).toHaveLength(0);
    await clock.advance(1);
    await run(0).succeed();
    await clock.advance(5000);
    expect(runs).toHaveLength(1);
  });

  it('processes nothing before its start', async () => {
    queue = new WorkQueue({
      name: 'test',
      clock,
      process: async (key) => void errors.push({ key, error: '', retryIn: 0 }),
    });
    queue.add('a');
    await settle();
    expect(errors).toHaveLength(0);
    queue.start();
    await queue.drained();
    expect(errors).toHaveLength(1);
  });

  describe('drained', () => {
    it('resolves when every key was tried once, whether it succeeded or failed', async () => {
      make({ concurrency: 1 });
      let drained = false;
      queue.add('a');
      queue.add('b');
      void queue.drained().then(() => {
        drained = true;
      });
      await settle();
      queue.add('later');
      await run(0).fail();
      expect(drained).toBe(false);
      await run(1).succeed();
      expect(drained).toBe(true);
      expect(queue.inFlight).toBe(1);
    });

    it('waits for the second run of a key that was added while it was processed', async () => {
      let drained = false;
      queue.add('a');
      await settle();
      queue.add('a');
      void queue.drained().then(() => {
        drained = true;
      });
      await run(0).succeed();
      expect(drained).toBe(false);
      await run(1).succeed();
      expect(drained).toBe(true);
    });

    it('resolves at once for an empty queue', async () => {
      await queue.drained();
    });

    it('rejects when the queue is stopped', async () => {
      queue.add('a');
      const rejected = expect(queue.drained()).rejects.toThrow('the work queue test was stopped');
      await settle();
      const stopped = queue.stop();
      await run(0).succeed();
      await stopped;
      await rejected;
    });
  });

  it('stops: aborts what is processed, waits for it, and takes no more', async () => {
    make({ concurrency: 1 });
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    await settle();
    let stopped = false;
    const stop = queue.stop().then(() => {
      stopped = true;
    });
    expect(run(0).signal.aborted).toBe(true);
    await settle();
    expect(stopped).toBe(false);
    await run(0).fail();
    await stop;
    queue.add('d');
    await clock.advance(60_000);
    expect(keys()).toEqual(['a']);
    expect(errors).toEqual([]);
  });

  it('processes every key after it was last added, never two at a time, whatever the timing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), wait: fc.nat(8) }), { maxLength: 40 }),
        fc.infiniteStream(fc.record({ takes: fc.nat(10), fails: fc.boolean() })),
        async (adds, outcomes) => {
          const time = new FakeClock();
          const active = new Set<string>();
          const latest = new Map<string, number>();
          const seen = new Map<string, number>();
          let failuresLeft = 20;
          const tested = new WorkQueue({
            name: 'property',
            clock: time,
            random: () => 0,
            concurrency: 2,
            process: async (key) => {
              expect(active.has(key)).toBe(false);
              active.add(key);
              expect(active.size).toBeLessThanOrEqual(2);
              const version = latest.get(key) ?? -1;
              const { takes, fails } = outcomes.next().value;
              await new Promise<void>((resolve) => void time.schedule(resolve, takes));
              active.delete(key);
              if (fails && failuresLeft-- > 0) throw new Error('chance');
              seen.set(key, version);
            },
          });
          tested.start();
          for (const [index, { key, wait }] of adds.entries()) {
            latest.set(key, index);
            tested.add(key);
            await time.advance(wait);
          }
          await time.advance(3_600_000);
          expect(seen).toEqual(latest);
          await tested.stop();
        },
      ),
      { numRuns: 30 },
    );
  });
});
