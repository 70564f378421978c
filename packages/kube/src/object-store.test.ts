import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type KubernetesObject, keyOf } from './kubernetes-object.js';
import { ObjectStore } from './object-store.js';
import { RecordingLogger } from './recording-logger.fixture.js';

interface Slice extends KubernetesObject {
  readonly services: readonly string[];
}

function slice(name: string, version: number, services: readonly string[] = [], uid = `uid-${name}`): Slice {
  return { metadata: { namespace: 'shop', name, uid, resourceVersion: String(version) }, services };
}

const byService = (object: Slice): readonly string[] => object.services;

describe('ObjectStore', () => {
  it('tells what was added, changed, deleted', () => {
    const store = new ObjectStore<Slice>();
    const [first, second] = [slice('a', 1), slice('a', 2)];
    expect(store.set(first)).toEqual([{ type: 'present', key: 'shop/a', object: first }]);
    expect(store.set(second)).toEqual([{ type: 'present', key: 'shop/a', object: second, previous: first }]);
    expect(store.get('shop/a')).toBe(second);
    expect(store.delete('shop/a')).toEqual([{ type: 'deleted', key: 'shop/a', object: second }]);
    expect(store.delete('shop/a')).toEqual([]);
    expect(store.size).toBe(0);
  });

  it('is silent about a list in which nothing changed', () => {
    const store = new ObjectStore<Slice>();
    store.replace([slice('a', 1), slice('b', 2)]);
    expect(store.replace([slice('b', 2), slice('a', 1)])).toEqual([]);
  });

  it('finds what a list does not have any more', () => {
    const store = new ObjectStore<Slice>();
    const [a, b] = [slice('a', 1), slice('b', 2)];
    store.replace([a, b]);
    expect(store.replace([a])).toEqual([{ type: 'deleted', key: 'shop/b', object: b }]);
    expect([...store.keys()]).toEqual(['shop/a']);
    expect([...store.values()]).toEqual([a]);
  });

  it('tells of an object that was deleted and made anew in a gap as of two objects', () => {
    const store = new ObjectStore<Slice>();
    const [before, after] = [slice('a', 1), slice('a', 9, [], 'another uid')];
    store.replace([before]);
    expect(store.replace([after])).toEqual([
      { type: 'deleted', key: 'shop/a', object: before },
      { type: 'present', key: 'shop/a', object: after },
    ]);
  });

  describe('indexes', () => {
    it('covers objects stored before it was added', () => {
      const store = new ObjectStore<Slice>();
      const a = slice('a', 1, ['web', 'web', 'api']);
      store.set(a);
      store.addIndex('service', byService);
      expect(store.byIndex('service', 'web')).toEqual([a]);
      expect(store.byIndex('service', 'none')).toEqual([]);
    });

    it('names the known ones when asked for another', () => {
      const store = new ObjectStore<Slice>();
      store.addIndex('service', byService);
      expect(() => store.byIndex('services', 'web')).toThrow(
        new RangeError('no index is named services; there are: service'),
      );
    });

    it('may be added twice, with the same function only', () => {
      const store = new ObjectStore<Slice>();
      store.addIndex('service', byService);
      store.addIndex('service', byService);
      expect(() => store.addIndex('service', () => [])).toThrow(TypeError);
    });

    it('leaves out an object that its function cannot read, and says so', () => {
      const logger = new RecordingLogger();
      const store = new ObjectStore<Slice>(logger);
      store.addIndex('service', ({ services }) => services.map((name) => name.toUpperCase()));
      const { services: _, ...unreadable } = slice('a', 1);
      store.set(unreadable as Slice);
      expect(store.size).toBe(1);
      expect(logger.messages('error')).toEqual(["the index service can't read an object"]);
    });

    it('are equal to a scan of all objects, whatever happened', () => {
      const services = fc.uniqueArray(fc.constantFrom('web', 'api', 'db'));
      const objects = fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        services,
        uid: fc.constantFrom('1', '2'),
      });
      const step = fc.oneof(
        fc.record({ set: objects }),
        fc.record({ delete: fc.constantFrom('a', 'b', 'c', 'd') }),
        fc.record({ replace: fc.uniqueArray(objects, { selector: ({ name }) => name }) }),
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const store = new ObjectStore<Slice>();
          const told = new Map<string, Slice>();
          let version = 0;
          const make = (spec: { name: string; services: string[]; uid: string }): Slice => {
            version += 1;
            return slice(spec.name, version, spec.services, spec.uid);
          };
          store.addIndex('service', byService);
          for (const action of steps) {
            const events =
              'set' in action
                ? store.set(make(action.set))
                : 'delete' in action
                  ? store.delete(`shop/${action.delete}`)
                  : store.replace(action.replace.map(make));
            for (const { type, key, object } of events) {
              if (type === 'deleted') expect(told.delete(key)).toBe(true);
              else told.set(key, object);
            }
          }
          expect(new Map([...store.values()].map((object) => [keyOf(object), object]))).toEqual(told);
          for (const service of ['web', 'api', 'db']) {
            const scan = [...store.values()].filter((object) => object.services.includes(service));
            expect(new Set(store.byIndex('service', service))).toEqual(new Set(scan));
          }
        }),
        { numRuns: 200 },
      );
    });
  });
});
