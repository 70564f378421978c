import type { ObjectReference, PatchOptions, PatchType } from './api-client.js';
import { applyConflict, badRequest, invalid, notFound, unsupportedMediaType } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import { type Backend, readStored, storageKey, timestamp } from './backend.js';
import { createRequested } from './create-object.js';
import { jsonPatch } from './json-patch.js';
import { mergePatch } from './merge-patch.js';
import { viewOf } from './object-version.js';
import { requestObject } from './request-object.js';
import type { ResourceDefinition } from './resource-definition.js';
import { SchemaError } from './types.js';
import { commitUpdate } from './update-object.js';

/** The media types of patches, and what they mean. */
export const PATCH_TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
]);

/** Patches an object, or its part behind a subresource; `created` tells a server-side apply that made it. Throws an ApiError. */
export function patchObject(
  backend: Backend,
  reference: ObjectReference,
  type: PatchType,
  patch: unknown,
  options: PatchOptions,
): { readonly object: ApiObject; readonly created: boolean } {
  const definition = backend.registry.get(reference);
  if (type === 'apply') return serverSideApply(backend, definition, reference, patch, options);
  if (options.force !== undefined) {
    throw invalidOptions('force', 'FieldValueForbidden', 'Forbidden: may not be specified for non-apply patch');
  }
  const live = viewOf(definition, readStored(backend, definition, reference));
  const patched = requestObject(definition, applyPatchTo(backend, definition, live, type, patch), reference);
  // A patch that leaves the resourceVersion alone is made on the newest object and can't conflict.
  return { object: commitUpdate(backend, definition, live, patched, options, 'track'), created: false };
}

function applyPatchTo(
  backend: Backend,
  definition: ResourceDefinition,
  live: ApiObject,
  type: 'json' | 'merge' | 'strategic',
  patch: unknown,
): unknown {
  if (type === 'json') return jsonPatch(live, patch);
  if (!isRecord(patch)) throw badRequest('error decoding patch: a merge patch is a JSON object');
  if (type === 'merge') return mergePatch(live, patch);
  if (definition.custom !== undefined) {
    throw unsupportedMediaType(
      [...PATCH_TYPES.keys()].filter((mediaType) => PATCH_TYPES.get(mediaType) !== 'strategic'),
    );
  }
  return refused(() => backend.schema.strategicMergePatch(definition, live, patch));
}

function serverSideApply(
  backend: Backend,
  definition: ResourceDefinition,
  reference: ObjectReference,
  patch: unknown,
  options: PatchOptions,
): { readonly object: ApiObject; readonly created: boolean } {
  if (options.fieldManager === undefined || options.fieldManager === '') {
    throw invalidOptions('fieldManager', 'FieldValueRequired', 'Required value: is required for apply patch');
  }
  const applied = requestObject(definition, patch, reference);
  if (applied.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const stored = backend.storage.get(definition.storage, storageKey(definition, reference.namespace, reference.name));
  if (stored === undefined && options.subresource !== undefined) throw notFound(definition, reference.name);
  const live = stored === undefined ? undefined : viewOf(definition, stored);
  const context = {
    manager: options.fieldManager,
    force: options.force ?? false,
    subresource: options.subresource ?? '',
    time: timestamp(backend.clock),
  };
  const outcome = refused(() => backend.schema.serverSideApply(definition, live, applied, context));
  if ('conflicts' in outcome) throw applyConflict(outcome.conflicts);
  if (live === undefined) {
    return { object: createRequested(backend, definition, outcome.object, options, 'tracked'), created: true };
  }
  return { object: commitUpdate(backend, definition, live, outcome.object, options, 'tracked'), created: false };
}

function refused<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof SchemaError ? badRequest(error.message) : error;
  }
}

function invalidOptions(field: string, reason: 'FieldValueRequired' | 'FieldValueForbidden', message: string) {
  return invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [{ reason, field, message }]);
}
