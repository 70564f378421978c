import type { ApiClient } from '../api-server/api-client.js';
import type { ApiObject } from '../api-server/api-object.js';
import type { Resource } from './kinds/resource.js';
import { ObjectCache } from './object-cache.js';
import { Reconciler } from './reconciler.js';

/** What the controllers of the playground's cluster share: the API, one cache a resource, and their end. */
export class ClusterContext {
  readonly client: ApiClient;
  readonly #onProblem: (message: string) => void;
  readonly #caches = new Map<string, { close(): void }>();
  readonly #ends: (() => void)[] = [];
  readonly #reconcilers: Reconciler[] = [];

  constructor(client: ApiClient, onProblem: (message: string) => void) {
    this.client = client;
    this.#onProblem = onProblem;
  }

  /** The same cache for the same resource, always. */
  cache<T extends ApiObject>(resource: Resource<T>): ObjectCache<T> {
    const name = `${resource.plural}.${resource.group}`;
    const known = this.#caches.get(name);
    if (known instanceof ObjectCache) return known;
    const cache = new ObjectCache(this.client, resource);
    this.#caches.set(name, cache);
    return cache;
  }

  /** A queue that ends with the cluster. */
  reconciler(name: string, reconcile: (key: string) => void): Reconciler {
    const reconciler = new Reconciler({ name, reconcile, onProblem: this.#onProblem });
    this.#reconcilers.push(reconciler);
    return reconciler;
  }

  /** Called when the cluster ends. */
  onClose(end: () => void): void {
    this.#ends.push(end);
  }

  close(): void {
    for (const end of this.#ends) end();
    for (const reconciler of this.#reconcilers) reconciler.close();
    for (const cache of this.#caches.values()) cache.close();
  }
}
