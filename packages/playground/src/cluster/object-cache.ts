import type { ApiClient } from '../api-server/api-client.js';
import type { ApiObject } from '../api-server/api-object.js';
import { keyOf, type ObjectKey, type Resource } from './kinds/resource.js';

/** `object` is undefined when it is gone, `previous` when it is new. */
export interface CacheEvent<T extends ApiObject> {
  readonly key: ObjectKey;
  readonly object: T | undefined;
  readonly previous: T | undefined;
}

/** The objects for which a function gives a value, kept up to date. */
export interface Lookup<T extends ApiObject> {
  get(value: string): readonly T[];
}

/**
 * All objects of one resource. The watch delivers in the same process and within the write, so that a controller which reads here always
 * sees its own writes: none of them needs the "expectations" of kube-controller-manager.
 */
export class ObjectCache<T extends ApiObject> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes: ((event: CacheEvent<T>) => void)[] = [];
  readonly #listeners = new Set<(event: CacheEvent<T>) => void>();
  readonly #stop: () => void;

  constructor(client: ApiClient, resource: Resource<T>) {
    const { items, resourceVersion } = client.list(resource);
    for (const item of items) this.#set(item);
    this.#stop = client.watch(resource, { resourceVersion }, ({ type, object }) => {
      if (type === 'DELETED') this.#remove(object);
      else if (type !== 'BOOKMARK') this.#set(object);
    });
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** Finds objects by the values that `valuesOf` gives for them, e.g. by namespace or by owner. */
  indexBy(valuesOf: (object: T) => readonly string[]): Lookup<T> {
    const keys = new Map<string, Set<ObjectKey>>();
    const update = ({ key, object, previous }: CacheEvent<T>) => {
      for (const value of previous === undefined ? [] : valuesOf(previous)) {
        const found = keys.get(value);
        found?.delete(key);
        if (found?.size === 0) keys.delete(value);
      }
      for (const value of object === undefined ? [] : valuesOf(object)) {
        const found = keys.get(value);
        if (found === undefined) keys.set(value, new Set([key]));
        else found.add(key);
      }
    };
    for (const [key, object] of this.#objects) update({ key, object, previous: undefined });
    this.#indexes.push(update);
    return {
      get: (value) => [...(keys.get(value) ?? [])].flatMap((key) => this.#objects.get(key) ?? []),
    };
  }

  /** Calls back after every change, and now for each object there is. The listener must not write: it notes what to look at. */
  subscribe(listener: (event: CacheEvent<T>) => void): void {
    for (const [key, object] of this.#objects) listener({ key, object, previous: undefined });
    this.#listeners.add(listener);
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  #set(item: ApiObject): void {
    // The API server has validated it against the schema of this very resource.
    const object = item as T;
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#tell({ key, object, previous });
  }

  #remove(item: ApiObject): void {
    const key = keyOf(item);
    const previous = this.#objects.get(key);
    this.#objects.delete(key);
    this.#tell({ key, object: undefined, previous });
  }

  #tell(event: CacheEvent<T>): void {
    for (const update of this.#indexes) update(event);
    for (const listener of this.#listeners) listener(event);
  }
}
