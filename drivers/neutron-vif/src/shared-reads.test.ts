import { describe, expect, it } from '@jest/globals';
import { SharedReads } from './shared-reads.js';

class Source {
  readonly begun: string[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly reads = new SharedReads(async (id) => {
    const number = this.begun.push(id);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (id === 'broken') throw new Error(`no ${number}`);
    return `${id} ${number}`;
  });

  async answer(): Promise<void> {
    for (const resolve of this.#waiting.splice(0)) resolve();
    await new Promise(setImmediate);
  }
}

describe('a read that many share', () => {
  it('is begun at once, and once more for all who ask while it is under way', async () => {
    const shared = new Source();
    const first = shared.reads.get('a');
    const later = [shared.reads.get('a'), shared.reads.get('a')];
    expect(shared.begun).toEqual(['a']);
    await shared.answer();
    expect([await first, shared.begun]).toEqual(['a 1', ['a', 'a']]);
    await shared.answer();
    expect(await Promise.all(later)).toEqual(['a 2', 'a 2']);
    const again = shared.reads.get('a');
    expect(shared.begun).toHaveLength(3);
    await shared.answer();
    expect(await again).toBe('a 3');
  });

  it('keeps nobody from another object', async () => {
    const shared = new Source();
    const both = [shared.reads.get('a'), shared.reads.get('b')];
    expect(shared.begun).toEqual(['a', 'b']);
    await shared.answer();
    expect(await Promise.all(both)).toEqual(['a 1', 'b 2']);
  });

  it('that fails is told to those who shared it, and not to those after it', async () => {
    const shared = new Source();
    const first = shared.reads.get('broken');
    const next = shared.reads.get('broken');
    const settled = Promise.allSettled([first, next]);
    await shared.answer();
    await shared.answer();
    expect((await settled).map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
      'Error: no 1',
      'Error: no 2',
    ]);
  });
});
