import type { ApiObject } from './api-object.js';
import type { FieldValidation } from './types.js';

/** A kind in one version; `group` is `''` for the core group. */
export interface ResourceReference {
  readonly group: string;
  readonly version: string;
  /** As in the URL, e.g. `pods`. */
  readonly plural: string;
}

/** One object; `namespace` is `''` for cluster-wide kinds. */
export interface ObjectReference extends ResourceReference {
  readonly namespace: string;
  readonly name: string;
}

export interface WriteOptions {
  /** Does everything but store. Default false. */
  readonly dryRun?: boolean;
  /** Default `unknown`. */
  readonly fieldManager?: string;
  /** Default `Warn`. */
  readonly fieldValidation?: FieldValidation;
  /** Default none: the object itself. */
  readonly subresource?: 'status' | 'scale' | 'finalize';
  /** Called for each warning. */
  readonly onWarning?: (text: string) => void;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface PatchOptions extends WriteOptions {
  /** Only for `apply`: takes fields over from other managers. */
  readonly force?: boolean;
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface DeleteOutcome {
  /** The object as it was when it was removed, or as it waits for its finalizers, its grace period or its content. */
  readonly object: ApiObject;
  /** False while it waits. */
  readonly removed: boolean;
}

export interface ListOptions {
  /** Default `''`: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly ApiObject[];
  /** Only when more is left. */
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

export interface WatchOptions {
  /** Default `''`: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `''` and `'0'`: begins with an ADDED for each object there is. */
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'NotOlderThan';
  readonly sendInitialEvents?: boolean;
  readonly allowWatchBookmarks?: boolean;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: ApiObject;
}

/**
 * The API without HTTP, for the parts of the playground that run in the same process. Rules, conflicts, defaults and validation are those of
 * the HTTP API: both call this. Every function is synchronous and throws an ApiError. Objects handed out are frozen; copy one
 * (`structuredClone`) to change it.
 */
export interface ApiClient {
  get(reference: ObjectReference, subresource?: 'status' | 'scale'): ApiObject;
  list(resource: ResourceReference, options?: ListOptions): ObjectList;
  /** `namespace` is `''` for cluster-wide kinds. */
  create(resource: ResourceReference, namespace: string, object: unknown, options?: WriteOptions): ApiObject;
  update(reference: ObjectReference, object: unknown, options?: WriteOptions): ApiObject;
  patch(reference: ObjectReference, type: PatchType, patch: unknown, options?: PatchOptions): ApiObject;
  delete(reference: ObjectReference, options?: DeleteOptions): DeleteOutcome;
  deleteCollection(resource: ResourceReference, options: ListOptions, deleteOptions?: DeleteOptions): ObjectList;
  /** Calls back synchronously with each write that follows, in order; returns the function that ends the watch. */
  watch(resource: ResourceReference, options: WatchOptions, onEvent: (event: WatchEvent) => void): () => void;
}
