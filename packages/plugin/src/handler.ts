import type { Failure, KubernetesObject, ObjectKey, ResourceKind, WatchedKind } from '@kuryr-l7/kube';

/** Another kind whose changes concern objects of the handler's kind. */
export interface Trigger<S extends KubernetesObject = KubernetesObject> {
  readonly kind: ResourceKind<S>;
  /** Keys of the handler's kind that have to be looked at again. */
  keys(object: S): readonly ObjectKey[];
}

/** Given to a handler before the watches start. */
export interface HandlerContext {
  /** The shared watch of a kind: its store and indexes. */
  watch<T extends KubernetesObject>(kind: ResourceKind<T>): WatchedKind<T>;
  /** Puts a key of the handler's kind into its queue (coalesced with what waits there). */
  enqueue(key: ObjectKey): void;
}

/**
 * Reacts to one kind of Kubernetes object. Calls are made from a queue: one at a time for one object, several objects at
 * once, always with the newest version; what throws is tried again with exponential back-off, and holds up nobody else.
 * All kinds that it watches have synced before the first call. Both methods are idempotent.
 */
export interface Handler<T extends KubernetesObject = KubernetesObject> {
  readonly name: string;
  readonly kind: ResourceKind<T>;
  readonly triggers?: readonly Trigger[];
  start?(context: HandlerContext): void;
  /** Every object listed at the start has been handled once, or has failed once: the desired state is whole. */
  synced?(): void;
  onPresent(object: T, signal: AbortSignal): Promise<void>;
  onDeleted(key: ObjectKey, signal: AbortSignal): Promise<void>;
  /**
   * Objects of its kind that it fails with in work of its own, beside those for which a call has thrown: for `kuryr-l7
   * status`, `/metrics` and `/readyz`.
   */
  failing?(): readonly Failure[];
  /** Ends what the handler does by itself, when no call is under way any more. */
  stop?(): Promise<void>;
}
