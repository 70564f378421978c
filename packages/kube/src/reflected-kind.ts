import { type KubernetesObject, keyOf, splitKey } from './kubernetes-object.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import { ObjectStore } from './object-store.js';
import { Reflector, type ReflectorOptions, type ReflectorTarget } from './reflector.js';
import type { ResourceKind } from './resource-kind.js';
import type { IndexFunction, StoreEvent, WatchedKind, WatchState } from './watched-kind.js';

type Listener<T extends KubernetesObject> = (event: StoreEvent<T>) => void;

/** One kind: its reflector fills its store, then its listeners are told. */
export class ReflectedKind<T extends KubernetesObject = KubernetesObject>
  implements WatchedKind<T>, ReflectorTarget<T>
{
  readonly store: ObjectStore<T>;
  readonly synced: Promise<void>;
  readonly #reflector: Reflector<T>;
  readonly #logger: Logger;
  readonly #listeners = new Set<Listener<T>>();
  #settle = { resolve(): void {}, reject(_reason: unknown): void {} };
  #hasSynced = false;

  constructor(
    transport: KubernetesTransport,
    readonly kind: ResourceKind<T>,
    options: ReflectorOptions,
  ) {
    this.#logger = options.logger ?? SILENT_LOGGER;
    this.store = new ObjectStore(this.#logger);
    this.#reflector = new Reflector(transport, kind, this, options);
    this.synced = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Nobody has to wait for it.
    this.synced.catch(() => undefined);
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get state(): WatchState {
    const { kind, hasSynced: synced, store } = this;
    return { kind, synced, objects: store.size, counters: this.#reflector.counters };
  }

  addIndex(name: string, index: IndexFunction<T>): void {
    this.store.addIndex(name, index);
  }

  subscribe(listener: Listener<T>): () => void {
    // A copy, for a listener that subscribes twice unsubscribes once.
    const own: Listener<T> = (event) => listener(event);
    for (const object of this.store.values()) this.#tell(own, { type: 'present', key: keyOf(object), object });
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  /** No first list is going to come. */
  abandon(reason: Error): void {
    this.#settle.reject(reason);
  }

  replace(objects: readonly T[]): void {
    this.#tellAll(this.store.replace(objects));
    this.#hasSynced = true;
    this.#settle.resolve();
  }

  set(object: T): void {
    this.#tellAll(this.store.set(object));
  }

  delete(object: T): void {
    this.#tellAll(this.store.delete(keyOf(object), object));
  }

  #tellAll(events: readonly StoreEvent<T>[]): void {
    // Who subscribes meanwhile is told of the whole store, which has all of these.
    const listeners = [...this.#listeners];
    for (const event of events) {
      for (const listener of listeners) if (this.#listeners.has(listener)) this.#tell(listener, event);
    }
  }

  #tell(listener: Listener<T>, event: StoreEvent<T>): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.error(`a listener of ${this.kind.plural} failed`, {
        ...splitKey(event.key),
        event: event.type,
        error,
      });
    }
  }
}
