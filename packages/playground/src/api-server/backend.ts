import type { ObjectReference } from './api-client.js';
import { notFound } from './api-error.js';
import type { ApiObject } from './api-object.js';
import type { ResourceDefinition } from './resource-definition.js';
import type { ResourceRegistry } from './resource-registry.js';
import type { Storage } from './storage.js';
import type { SchemaProvider } from './types.js';

/** The time, injected so that tests decide it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Completes an object after its defaults are filled in and it is found valid: the cluster side assigns cluster IPs with it. `old` is
 * undefined for a create. Must not change what it is given. May throw an ApiError to refuse.
 */
export type AdmissionHook = (
  definition: ResourceDefinition,
  object: ApiObject,
  old: ApiObject | undefined,
) => ApiObject;

/** What every operation works on. */
export interface Backend {
  readonly storage: Storage;
  readonly registry: ResourceRegistry;
  readonly schema: SchemaProvider;
  readonly clock: Clock;
  readonly admissionHooks: readonly AdmissionHook[];
}

/** RFC 3339 in UTC with seconds, as `metav1.Time` is written. */
export function timestamp(clock: Clock, afterSeconds = 0): string {
  return `${new Date(clock.now() + afterSeconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Where an object is kept below its storage. */
export function storageKey(definition: ResourceDefinition, namespace: string, name: string): string {
  return definition.namespaced ? `${namespace}/${name}` : name;
}

/** The stored object. Throws an ApiError (404). */
export function readStored(backend: Backend, definition: ResourceDefinition, reference: ObjectReference): ApiObject {
  const stored = backend.storage.get(definition.storage, storageKey(definition, reference.namespace, reference.name));
  if (stored === undefined) throw notFound(definition, reference.name);
  return stored;
}
