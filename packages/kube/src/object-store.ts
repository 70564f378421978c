import { type KubernetesObject, keyOf, type ObjectKey } from './kubernetes-object.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import { SecondaryIndex } from './secondary-index.js';
import type { IndexFunction, Store, StoreEvent } from './watched-kind.js';

/** A {@link Store} that is written to. Each write returns what changed, an unchanged object being none. */
export class ObjectStore<T extends KubernetesObject> implements Store<T> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes = new Map<string, SecondaryIndex<T>>();

  constructor(private readonly logger: Logger = SILENT_LOGGER) {}

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  keys(): IterableIterator<ObjectKey> {
    return this.#objects.keys();
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  byIndex(index: string, value: string): readonly T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) {
      throw new RangeError(
        `no index is named ${index}; there are: ${[...this.#indexes.keys()].join(', ') || '(none)'}`,
      );
    }
    const objects: T[] = [];
    for (const key of found.keys(value)) {
      const object = this.#objects.get(key);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  }

  /** @throws TypeError when another function has that name already */
  addIndex(name: string, values: IndexFunction<T>): void {
    const existing = this.#indexes.get(name);
    if (existing !== undefined) {
      if (existing.values === values) return;
      throw new TypeError(`the index ${name} exists with another function: choose another name`);
    }
    const index = new SecondaryIndex(name, values, this.logger);
    for (const [key, object] of this.#objects) index.set(key, object);
    this.#indexes.set(name, index);
  }

  /** Adds or changes an object. One of the same name but another uid is another object: the old one is deleted first. */
  set(object: T): readonly StoreEvent<T>[] {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous === undefined) return [this.#put(key, object)];
    if (previous.metadata.uid !== object.metadata.uid) return [this.#remove(key, previous), this.#put(key, object)];
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion === previous.metadata.resourceVersion) return [];
    return [this.#put(key, object, previous)];
  }

  /** @param last The last state, where the API server told it. */
  delete(key: ObjectKey, last?: T): readonly StoreEvent<T>[] {
    const object = this.#objects.get(key);
    return object === undefined ? [] : [this.#remove(key, last ?? object)];
  }

  /** Takes over a whole list: what is not in it is gone. */
  replace(objects: readonly T[]): readonly StoreEvent<T>[] {
    const listed = new Set(objects.map(keyOf));
    const gone = [...this.#objects.keys()].filter((key) => !listed.has(key));
    return [...gone.flatMap((key) => this.delete(key)), ...objects.flatMap((object) => this.set(object))];
  }

  #put(key: ObjectKey, object: T, previous?: T): StoreEvent<T> {
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) index.set(key, object);
    return { type: 'present', key, object, ...(previous === undefined ? {} : { previous }) };
  }

  #remove(key: ObjectKey, object: T): StoreEvent<T> {
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.delete(key);
    return { type: 'deleted', key, object };
  }
}
