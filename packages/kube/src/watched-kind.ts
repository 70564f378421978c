import type { KubernetesObject, ObjectKey } from './kubernetes-object.js';
import type { ReflectorCounters } from './reflector.js';
import type { ResourceKind } from './resource-kind.js';

/** Values under which an object is found by {@link Store.byIndex}. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** The last known state of every object of one kind. Objects are never changed in place: a new version is a new object. */
export interface Store<T extends KubernetesObject = KubernetesObject> {
  readonly size: number;
  get(key: ObjectKey): T | undefined;
  keys(): IterableIterator<ObjectKey>;
  values(): IterableIterator<T>;
  /** Objects for which the index function named `index` gives `value`. Throws RangeError for an index that was never added. */
  byIndex(index: string, value: string): readonly T[];
}

/** `present`: added or changed (a relist of an unchanged object is silent). `deleted`: gone, also when that was found out by a relist. */
export interface StoreEvent<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'present' | 'deleted';
  readonly key: ObjectKey;
  /** The new version; for `deleted` the last known one. */
  readonly object: T;
  readonly previous?: T;
}

/** One list+watch, however many want it. */
export interface WatchedKind<T extends KubernetesObject = KubernetesObject> {
  readonly kind: ResourceKind<T>;
  readonly store: Store<T>;
  /** The first list is in the store. Rejects only when the watcher is stopped before. */
  readonly synced: Promise<void>;
  readonly hasSynced: boolean;
  /** May be called at any time; several calls with one name must pass the same function. */
  addIndex(name: string, index: IndexFunction<T>): void;
  /** Called after the store is updated. A throwing listener is logged and harms nobody. Objects already stored are replayed as `present`. Returns the unsubscription. */
  subscribe(listener: (event: StoreEvent<T>) => void): () => void;
}

/** How one list+watch is doing, for metrics and readiness. */
export interface WatchState {
  readonly kind: ResourceKind;
  readonly synced: boolean;
  /** Objects in the store. */
  readonly objects: number;
  readonly counters: ReflectorCounters;
}

/** All list+watches of the process. */
export interface SharedWatcher {
  /** The same object for the same kind, always; the first call starts nothing before {@link start}. */
  watch<T extends KubernetesObject>(kind: ResourceKind<T>): WatchedKind<T>;
  start(): void;
  readonly states: readonly WatchState[];
  /** Ends every watch; resolves when the last connection is closed. */
  stop(): Promise<void>;
}
