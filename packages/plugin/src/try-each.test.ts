import { describe, expect, it } from '@jest/globals';
import { NotReadyError } from './errors.js';
import { tryEach } from './try-each.js';

const { signal } = new AbortController();

describe('something that is done for each', () => {
  it('is done for the others too where it fails for one, whose error is thrown', async () => {
    const done: number[] = [];
    const trouble = new Error('two is in use');
    const run = async (item: number) => {
      if (item === 2) throw trouble;
      done.push(item);
    };
    await expect(tryEach([1, 2, 3], run, signal)).rejects.toBe(trouble);
    expect(done).toEqual([1, 3]);
  });

  it('tells of several failures the first reasons', async () => {
    const fail = async (item: number) => {
      throw item === 1 ? new NotReadyError('1') : new Error(`${item}`);
    };
    await expect(tryEach([1, 2, 3, 4, 5], fail, signal)).rejects.toThrow(/^1; 2; 3; and 2 more$/);
  });

  it('is just not ready where each is', async () => {
    const wait = async (item: number) => {
      throw new NotReadyError(`${item} stays`);
    };
    await expect(tryEach([1, 2], wait, signal)).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
      message: '1 stays; 2 stays',
    });
  });

  it('ends when nobody waits for it any more', async () => {
    const stopped = new AbortController();
    const done: number[] = [];
    const run = async (item: number) => {
      done.push(item);
      stopped.abort(new Error('the controller stops'));
    };
    await expect(tryEach([1, 2], run, stopped.signal)).rejects.toThrow('the controller stops');
    expect(done).toEqual([1]);
  });
});
