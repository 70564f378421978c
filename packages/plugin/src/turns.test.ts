import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const settled = () => new Promise(setImmediate);

/** Work that goes on until it is told to end. */
function work() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const run = (name: string) => async () => {
    begun.push(name);
    await new Promise<void>((resolve, reject) =>
      ends.set(name, (error) => (error === undefined ? resolve() : reject(error))),
    );
    return name;
  };
  return { begun, ends, run };
}

describe('what is about the same thing', () => {
  it('begins at once where nothing is under way, and else after what was asked for before', async () => {
    const { begun, ends, run } = work();
    const turns = new Turns();
    const all = ['one', 'two', 'three'].map((name) => turns.take('trunk', run(name)));
    expect(begun).toEqual(['one']);
    for (const name of ['one', 'two', 'three']) {
      expect(begun.at(-1)).toBe(name);
      ends.get(name)?.();
      await settled();
    }
    expect(await Promise.all(all)).toEqual(['one', 'two', 'three']);
    const later = turns.take('trunk', run('four'));
    expect(begun.at(-1)).toBe('four');
    ends.get('four')?.();
    expect(await later).toBe('four');
  });

  it('goes on after a failure, of which only those are told who asked for what failed', async () => {
    const { begun, ends, run } = work();
    const turns = new Turns();
    const first = turns.take('trunk', run('one'));
    const second = turns.take('trunk', run('two'));
    ends.get('one')?.(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await settled();
    ends.get('two')?.();
    expect([await second, begun]).toEqual(['two', ['one', 'two']]);
  });

  it('does not wait for what is about something else', () => {
    const { begun, run } = work();
    const turns = new Turns();
    void turns.take('trunk', run('one'));
    void turns.take('other', run('two'));
    expect(begun).toEqual(['one', 'two']);
  });
});
