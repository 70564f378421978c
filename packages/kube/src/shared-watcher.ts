import { WatcherStoppedError } from './errors.js';
import type { KubernetesObject } from './kubernetes-object.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { ReflectedKind } from './reflected-kind.js';
import type { ReflectorOptions } from './reflector.js';
import { apiVersionOf, type ResourceKind } from './resource-kind.js';
import type { SharedWatcher, WatchedKind, WatchState } from './watched-kind.js';

/** The list+watches of the process over one transport, which stays the caller's to close. */
export function createSharedWatcher(transport: KubernetesTransport, options: ReflectorOptions = {}): SharedWatcher {
  return new ReflectingWatcher(transport, options);
}

class ReflectingWatcher implements SharedWatcher {
  readonly #kinds = new Map<string, ReflectedKind>();
  readonly #runs: Promise<void>[] = [];
  readonly #stopped = new AbortController();
  #started = false;

  constructor(
    private readonly transport: KubernetesTransport,
    private readonly options: ReflectorOptions,
  ) {}

  get states(): readonly WatchState[] {
    return [...this.#kinds.values()].map((watched) => watched.state);
  }

  watch<T extends KubernetesObject>(kind: ResourceKind<T>): WatchedKind<T> {
    const key = `${apiVersionOf(kind)}/${kind.plural}`;
    let watched = this.#kinds.get(key);
    if (watched === undefined) {
      watched = new ReflectedKind<KubernetesObject>(this.transport, kind, this.options);
      this.#kinds.set(key, watched);
      if (this.#stopped.signal.aborted) watched.abandon(stopped());
      else if (this.#started) this.#run(watched);
    }
    // A kind has one type of objects: whoever names the kind names the type.
    return watched as unknown as WatchedKind<T>;
  }

  start(): void {
    if (this.#started || this.#stopped.signal.aborted) return;
    this.#started = true;
    for (const watched of this.#kinds.values()) this.#run(watched);
  }

  async stop(): Promise<void> {
    this.#stopped.abort(stopped());
    for (const watched of this.#kinds.values()) watched.abandon(stopped());
    await Promise.all(this.#runs);
  }

  #run(watched: ReflectedKind): void {
    this.#runs.push(watched.run(this.#stopped.signal));
  }
}

function stopped(): WatcherStoppedError {
  return new WatcherStoppedError('the shared watcher was stopped');
}
