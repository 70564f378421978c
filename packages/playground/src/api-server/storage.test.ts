import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { ApiObject } from './api-object.js';
import { type Change, Storage } from './storage.js';

function object(name: string, value = ''): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
}

describe('storage', () => {
  it('gives every write of every resource the next resourceVersion', () => {
    const storage = new Storage(10);
    const versions = [
      storage.put('a', 'x', object('x')),
      storage.put('b', 'x', object('x')),
      storage.put('a', 'x', object('x', 'new')),
      storage.remove('b', 'x', object('x')),
    ].map(({ metadata }) => Number(metadata.resourceVersion));
    const [first = 0] = versions;
    expect(versions).toEqual([first, first + 1, first + 2, first + 3]);
    expect(storage.revision).toBe(first + 3);
  });

  it('hands out frozen objects and leaves its own alone', () => {
    const storage = new Storage(10);
    const stored = storage.put('a', 'x', object('x'));
    expect(() => Object.assign(stored.metadata, { name: 'y' })).toThrow(TypeError);
    expect(() => Object.assign(stored.data as object, { value: 'y' })).toThrow(TypeError);
  });

  it('shows any revision since the last compaction as it was', () => {
    const write = fc.record({ key: fc.constantFrom('a', 'b', 'c'), remove: fc.boolean(), value: fc.string() });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
        const storage = new Storage(100);
        const expected: [number, string][] = [];
        const remember = () => {
          const { keys, objects } = storage.snapshot('r');
          expected.push([storage.revision, JSON.stringify(keys.map((key) => [key, objects.get(key)]))]);
        };
        remember();
        for (const { key, remove, value } of writes) {
          const present = storage.get('r', key);
          if (remove && present) storage.remove('r', key, present);
          else storage.put('r', key, object(key, value));
          storage.put('other', key, object(key, value));
          remember();
        }
        for (const [revision, text] of expected) {
          const { keys, objects } = storage.snapshot('r', revision);
          expect(JSON.stringify(keys.map((key) => [key, objects.get(key)]))).toBe(text);
        }
      }),
    );
  });

  it('refuses what was compacted with 410', () => {
    const storage = new Storage(10);
    storage.put('a', 'x', object('x'));
    const before = storage.revision - 1;
    storage.compact();
    expect(() => storage.changesSince('a', before)).toThrow(/too old resource version/);
    expect(() => storage.snapshot('a', before)).toThrow(/too old resource version/);
    expect(storage.changesSince('a', storage.revision)).toEqual([]);
    expect(storage.snapshot('a', storage.revision).keys).toEqual(['x']);
  });

  it('keeps at least as many writes as its limit and forgets older ones', () => {
    const storage = new Storage(3);
    for (let index = 0; index < 20; index += 1) storage.put('a', `x${index}`, object('x'));
    expect(storage.changesSince('a', storage.revision - 3)).toHaveLength(3);
    expect(() => storage.changesSince('a', 1)).toThrow(/too old/);
  });

  it('tells every listener the same order, also when a listener writes', () => {
    const storage = new Storage(10);
    const seen: string[][] = [[], []];
    storage.subscribe('a', ({ key }) => {
      seen[0]?.push(key);
      if (key === 'first') storage.put('a', 'second', object('second'));
    });
    storage.subscribe('a', ({ key }) => seen[1]?.push(key));
    storage.put('a', 'first', object('first'));
    expect(seen).toEqual([
      ['first', 'second'],
      ['first', 'second'],
    ]);
  });

  it('tells a new listener nothing that was written before it came', () => {
    const storage = new Storage(10);
    const late: Change[] = [];
    storage.subscribe('a', ({ key }) => {
      if (key !== 'first') return;
      storage.put('a', 'second', object('second'));
      storage.subscribe('a', (change) => late.push(change));
    });
    storage.put('a', 'first', object('first'));
    expect(late).toEqual([]);
    storage.put('a', 'third', object('third'));
    expect(late.map(({ key }) => key)).toEqual(['third']);
  });

  it('lets a failing listener spoil neither the write nor the other listeners', async () => {
    const storage = new Storage(10);
    const failures: unknown[] = [];
    const queue = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
      try {
        task();
      } catch (error) {
        failures.push(error);
      }
    });
    const seen: string[] = [];
    storage.subscribe('a', () => {
      throw new Error('mine');
    });
    storage.subscribe('a', ({ key }) => seen.push(key));
    storage.put('a', 'x', object('x'));
    queue.mockRestore();
    expect(seen).toEqual(['x']);
    expect(failures).toEqual([new Error('mine')]);
  });
});
