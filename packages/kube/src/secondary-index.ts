import { type ObjectKey, splitKey } from './kubernetes-object.js';
import type { Logger } from './logger.js';
import type { IndexFunction } from './watched-kind.js';

/** From values of objects to their keys; kept up to date object by object. */
export class SecondaryIndex<T> {
  readonly #keysByValue = new Map<string, Set<ObjectKey>>();
  readonly #valuesByKey = new Map<ObjectKey, readonly string[]>();

  constructor(
    readonly name: string,
    readonly values: IndexFunction<T>,
    private readonly logger: Logger,
  ) {}

  keys(value: string): Iterable<ObjectKey> {
    return this.#keysByValue.get(value) ?? [];
  }

  set(key: ObjectKey, object: T): void {
    const values = this.#valuesOf(key, object);
    const before = this.#valuesByKey.get(key) ?? [];
    if (values.length === before.length && values.every((value, index) => value === before[index])) return;
    this.delete(key);
    if (values.length === 0) return;
    this.#valuesByKey.set(key, values);
    for (const value of values) {
      const keys = this.#keysByValue.get(value);
      if (keys === undefined) this.#keysByValue.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  delete(key: ObjectKey): void {
    for (const value of this.#valuesByKey.get(key) ?? []) {
      const keys = this.#keysByValue.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByValue.delete(value);
    }
    this.#valuesByKey.delete(key);
  }

  /** An object that the function can't read is in the store all the same, under no value. */
  #valuesOf(key: ObjectKey, object: T): readonly string[] {
    try {
      return [...new Set(this.values(object))];
    } catch (error) {
      this.logger.error(`the index ${this.name} can't read an object`, { ...splitKey(key), error });
      return [];
    }
  }
}
