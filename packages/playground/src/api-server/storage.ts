import { expired } from './api-error.js';
import type { ApiObject } from './api-object.js';
import { deepFreeze } from './deep-freeze.js';
import type { StorageName } from './resource-definition.js';

/** One write. `object` of a deletion is the last state, with the resourceVersion of the deletion. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly key: string;
  readonly object: ApiObject;
  readonly previous?: ApiObject;
}

/** All objects of one resource at one revision. */
export interface Snapshot {
  readonly revision: number;
  readonly objects: ReadonlyMap<string, ApiObject>;
  /** Sorted as etcd sorts: bytewise, so that the pages of a list never overlap. */
  readonly keys: readonly string[];
}

interface Table {
  readonly objects: Map<string, ApiObject>;
  /** Sorted keys; undefined after a key came or went. */
  keys: readonly string[] | undefined;
  history: Change[];
  /** Revisions up to this one can't be seen any more. */
  compacted: number;
  readonly listeners: Set<(change: Change) => void>;
}

/**
 * The objects, in memory, as etcd would keep them: every write, whatever its resource, gets the next revision; the last writes of each
 * resource can be replayed until they are compacted. Stored objects are frozen and never changed in place.
 */
export class Storage {
  readonly #tables = new Map<StorageName, Table>();
  readonly #undelivered: { readonly table: Table; readonly change: Change }[] = [];
  readonly #historyLimit: number;
  #delivering = false;
  #revision = 1;

  /** `historyLimit`: so many writes of each resource can be replayed. */
  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  /** The revision of the newest write. */
  get revision(): number {
    return this.#revision;
  }

  get(storage: StorageName, key: string): ApiObject | undefined {
    return this.#table(storage).objects.get(key);
  }

  /** Throws an ApiError (410 Expired) for a revision before the last compaction. */
  snapshot(storage: StorageName, revision: number = this.#revision): Snapshot {
    const table = this.#table(storage);
    const newest = table.history.at(-1)?.revision ?? table.compacted;
    if (revision >= newest) {
      table.keys ??= sorted(table.objects);
      return { revision, objects: table.objects, keys: table.keys };
    }
    if (revision < table.compacted) throw tooOld(revision, table.compacted);
    const objects = new Map(table.objects);
    for (const change of table.history.toReversed()) {
      if (change.revision <= revision) break;
      if (change.previous === undefined) objects.delete(change.key);
      else objects.set(change.key, change.previous);
    }
    return { revision, objects, keys: sorted(objects) };
  }

  /** The writes after `revision`, oldest first. Throws an ApiError (410 Expired) when some of them are gone. */
  changesSince(storage: StorageName, revision: number): readonly Change[] {
    const table = this.#table(storage);
    if (revision < table.compacted) throw tooOld(revision, table.compacted);
    return table.history.filter((change) => change.revision > revision);
  }

  /** Stores the object under its next resourceVersion and gives back what was stored. */
  put(storage: StorageName, key: string, object: ApiObject): ApiObject {
    const table = this.#table(storage);
    const previous = table.objects.get(key);
    const stored = this.#stamp(object);
    table.objects.set(key, stored);
    if (previous === undefined) table.keys = undefined;
    this.#record(
      table,
      previous === undefined
        ? { type: 'ADDED', revision: this.#revision, key, object: stored }
        : { type: 'MODIFIED', revision: this.#revision, key, object: stored, previous },
    );
    return stored;
  }

  /** Removes an object; `last` is its last state, as watchers see it. Gives back that state with the resourceVersion of the deletion. */
  remove(storage: StorageName, key: string, last: ApiObject): ApiObject {
    const table = this.#table(storage);
    const previous = table.objects.get(key) ?? last;
    const object = this.#stamp(last);
    table.objects.delete(key);
    table.keys = undefined;
    this.#record(table, { type: 'DELETED', revision: this.#revision, key, object, previous });
    return object;
  }

  /**
   * Calls back with each write from now on, in order, until the returned function is called. A write made inside a callback is delivered
   * after the one that is being delivered, so that every listener sees the same order.
   */
  subscribe(storage: StorageName, listener: (change: Change) => void): () => void {
    const table = this.#table(storage);
    const from = this.#revision;
    const guarded = (change: Change) => {
      if (change.revision > from) listener(change);
    };
    table.listeners.add(guarded);
    return () => table.listeners.delete(guarded);
  }

  /** Forgets the history of every resource: older continue tokens and watches from older revisions get 410 Expired. */
  compact(): void {
    for (const table of this.#tables.values()) {
      table.history = [];
      table.compacted = this.#revision;
    }
  }

  #table(storage: StorageName): Table {
    let table = this.#tables.get(storage);
    if (table === undefined) {
      table = { objects: new Map(), keys: [], history: [], compacted: 0, listeners: new Set() };
      this.#tables.set(storage, table);
    }
    return table;
  }

  #stamp(object: ApiObject): ApiObject {
    this.#revision += 1;
    return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } });
  }

  #record(table: Table, change: Change): void {
    table.history.push(change);
    // Cut in batches: shifting the array at every write would cost its length each time.
    if (table.history.length > 2 * this.#historyLimit) {
      const cut = table.history.length - this.#historyLimit;
      table.compacted = table.history[cut - 1]?.revision ?? table.compacted;
      table.history = table.history.slice(cut);
    }
    this.#undelivered.push({ table, change });
    this.#deliver();
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next = this.#undelivered.shift(); next !== undefined; next = this.#undelivered.shift()) {
      for (const listener of [...next.table.listeners]) notify(listener, next.change);
    }
    this.#delivering = false;
  }
}

/** A listener's failure is its own: it surfaces as an uncaught exception, never in the middle of somebody else's write. */
function notify(listener: (change: Change) => void, change: Change): void {
  try {
    listener(change);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function sorted(objects: ReadonlyMap<string, ApiObject>): readonly string[] {
  return [...objects.keys()].sort((a, b) => (a < b ? -1 : 1));
}

function tooOld(revision: number, compacted: number) {
  return expired(`too old resource version: ${revision} (${compacted})`);
}
