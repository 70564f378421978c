import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError } from '../api-server/index.js';
import { Reconciler } from './reconciler.js';

describe('Reconciler', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function recording(fail: (key: string) => void = () => {}) {
    const seen: string[] = [];
    const problems: string[] = [];
    const reconciler = new Reconciler({
      name: 'test-controller',
      reconcile: (key) => {
        seen.push(key);
        fail(key);
      },
      onProblem: (problem) => problems.push(problem),
    });
    return { reconciler, seen, problems };
  }

  it('looks once at a key that was added many times', () => {
    const { reconciler, seen } = recording();
    for (const key of ['a', 'b', 'a', 'a']) reconciler.add(key);
    jest.runAllTimers();
    expect(seen).toEqual(['a', 'b']);
  });

  it('tries again what failed, later each time, and says so; the others are not held up', () => {
    let broken = true;
    const { reconciler, seen, problems } = recording((key) => {
      if (key === 'bad' && broken) throw new Error('no luck');
    });
    reconciler.add('bad');
    reconciler.add('good');
    jest.advanceTimersByTime(6);
    expect(seen).toEqual(['bad', 'good', 'bad']);
    jest.advanceTimersByTime(5);
    expect(seen).toHaveLength(3);
    jest.advanceTimersByTime(6);
    expect(seen).toHaveLength(4);
    broken = false;
    jest.runAllTimers();
    expect(problems).toEqual(Array(3).fill('test-controller: bad: no luck'));
  });

  it('says nothing of a conflict: somebody was faster', () => {
    let tries = 0;
    const { reconciler, problems } = recording(() => {
      tries += 1;
      if (tries === 1) throw new ApiError(409, 'Conflict', 'the object has been modified');
    });
    reconciler.add('a');
    jest.runAllTimers();
    expect([tries, problems]).toEqual([2, []]);
  });

  it('does nothing once it is closed', () => {
    const { reconciler, seen } = recording();
    reconciler.add('a');
    reconciler.addAfter('b', 10);
    reconciler.close();
    reconciler.add('c');
    jest.runAllTimers();
    expect([seen, jest.getTimerCount()]).toEqual([[], 0]);
  });
});
