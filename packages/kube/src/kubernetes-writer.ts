import type { KubernetesObject } from './kubernetes-object.js';
import type { ResourceKind } from './resource-kind.js';

/** An Event (events.k8s.io/v1) about an object. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase and stable. */
  readonly reason: string;
  /** What was being done, CamelCase, e.g. `Routing`. */
  readonly action: string;
  /**
   * For people; cut at 1,024 bytes, the limit of the API. The same for the same trouble, so that a repeat is counted: ids of
   * requests to OpenStack (`req-…`) are left out, they belong into the log.
   */
  readonly note: string;
}

/** The few writes a controller makes to the cluster. */
export interface KubernetesWriter {
  /**
   * Sets annotations (null removes one) by merge patch. Writes nothing when they are so already (`current`); a conflict
   * is retried with the newest object. Resolves to false when the object does not exist.
   */
  annotate<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    current: T,
    annotations: Readonly<Record<string, string | null>>,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /**
   * Changes fields of `status` through the status subresource, by merge patch guarded by the resourceVersion. A conflict is
   * retried while the status is still that of `current`; where somebody else has changed it, the KubernetesApiError of the
   * conflict (retryable) says that what to write has to be thought of again. False when the object does not exist.
   */
  patchStatus<T extends KubernetesObject & { readonly status?: unknown }>(
    kind: ResourceKind<T>,
    current: T,
    status: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /**
   * Puts a finalizer on an object, or takes it off; others' finalizers stay. Writes nothing when it is so already (`current`);
   * a conflict is retried with the newest object. Resolves to false when the object does not exist.
   */
  setFinalizer<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    current: T,
    finalizer: string,
    isWanted: boolean,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Records an Event; the same one again becomes a series, never a new object. Never throws: an Event that can't be written is logged. */
  event(kind: ResourceKind, object: KubernetesObject, note: EventNote): void;
}
