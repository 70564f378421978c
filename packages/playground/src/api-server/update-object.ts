import { isDeepStrictEqual } from 'node:util';
import { admitObject } from './admission.js';
import type { ObjectReference, WriteOptions } from './api-client.js';
import { conflict, invalid } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import { type Backend, readStored, storageKey, timestamp } from './backend.js';
import { storedForm, viewOf } from './object-version.js';
import { requestObject } from './request-object.js';
import type { ResourceDefinition } from './resource-definition.js';

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/** Replaces an object, or its part behind a subresource, by what a client sent. Throws an ApiError. */
export function updateObject(
  backend: Backend,
  reference: ObjectReference,
  sent: unknown,
  options: WriteOptions,
): ApiObject {
  const definition = backend.registry.get(reference);
  const live = viewOf(definition, readStored(backend, definition, reference));
  const requested = requestObject(definition, sent, reference);
  const { resourceVersion = '' } = requested.metadata;
  if (!definition.unconditionalUpdate && resourceVersion === '') {
    const message = 'Invalid value: 0: must be specified for an update';
    throw invalid(definition, reference.name, [
      { reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message },
    ]);
  }
  return commitUpdate(backend, definition, live, requested, options, 'track');
}

/**
 * The last part of every update and patch. `live` is the stored object and `requested` what it shall become, both in the version of
 * `definition`. An update that changes nothing stores nothing; one that removes the last finalizer of a deleted object removes it.
 */
export function commitUpdate(
  backend: Backend,
  definition: ResourceDefinition,
  live: ApiObject,
  requested: ApiObject,
  options: WriteOptions,
  fields: 'track' | 'tracked',
): ApiObject {
  checkPreconditions(definition, live, requested.metadata);
  const subresource = options.subresource ?? '';
  const candidate = withServerFields(live, onlyPart(definition, live, requested, subresource));
  const admitted = admitObject(backend, definition, candidate, live, options);
  const tracked =
    fields === 'tracked'
      ? admitted
      : backend.schema.trackManager(definition, live, admitted, {
          manager: options.fieldManager ?? 'unknown',
          // A Scale is part of the object itself; only managedFields tells them apart.
          subresource,
          time: timestamp(backend.clock),
        });
  const next = withGeneration(definition, live, tracked);
  if (unchanged(live, next)) return live;
  if (options.dryRun) return next;
  const key = storageKey(definition, next.metadata.namespace ?? '', next.metadata.name);
  const stored = storedForm(definition, next);
  return viewOf(
    definition,
    mayGo(next)
      ? backend.storage.remove(definition.storage, key, stored)
      : backend.storage.put(definition.storage, key, stored),
  );
}

/** A deleted object goes when nothing holds it any more. */
export function mayGo(object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds > 0 || finalizers.length > 0) return false;
  const holders = object.kind === 'Namespace' && isRecord(object.spec) ? object.spec.finalizers : [];
  return !Array.isArray(holders) || holders.length === 0;
}

function checkPreconditions(
  definition: ResourceDefinition,
  live: ApiObject,
  expected: { readonly resourceVersion?: string; readonly uid?: string },
): void {
  const { name, uid = '', resourceVersion = '' } = live.metadata;
  if (expected.uid !== undefined && expected.uid !== '' && expected.uid !== uid) {
    throw conflict(
      definition,
      name,
      `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${uid}`,
    );
  }
  const wanted = expected.resourceVersion ?? '';
  if (wanted !== '' && wanted !== '0' && wanted !== resourceVersion) throw conflict(definition, name, MODIFIED);
}

/** Only the part that the request may write: the status, the finalizers of a Namespace, or everything but these. */
function onlyPart(
  definition: ResourceDefinition,
  live: ApiObject,
  requested: ApiObject,
  subresource: string,
): ApiObject {
  switch (subresource) {
    case 'status': {
      const { managedFields } = requested.metadata;
      const metadata = managedFields === undefined ? live.metadata : { ...live.metadata, managedFields };
      return withField({ ...live, metadata }, 'status', requested.status);
    }
    case 'finalize': {
      const finalizers = isRecord(requested.spec) ? (requested.spec.finalizers ?? []) : [];
      return { ...live, spec: { ...(isRecord(live.spec) ? live.spec : {}), finalizers } };
    }
    default: {
      const kept = definition.subresources.includes('status') ? withField(requested, 'status', live.status) : requested;
      return definition.subresources.includes('finalize') ? withField(kept, 'spec', live.spec) : kept;
    }
  }
}

function withField(object: ApiObject, field: 'status' | 'spec', value: unknown): ApiObject {
  const { [field]: _old, ...rest } = object;
  const { apiVersion, kind, metadata } = object;
  return { ...rest, apiVersion, kind, metadata, ...(value === undefined ? {} : { [field]: value }) };
}

/** What clients send of the fields that only the server writes is ignored, as in kube-apiserver. */
function withServerFields(live: ApiObject, requested: ApiObject): ApiObject {
  const sent = Object.entries(requested.metadata).filter(([field]) => !SERVER_FIELDS.has(field));
  const kept = Object.entries(live.metadata).filter(([field]) => SERVER_FIELDS.has(field));
  const metadata: ApiObject['metadata'] = { name: live.metadata.name, ...Object.fromEntries([...sent, ...kept]) };
  // Who sends no managedFields leaves them alone; an empty list resets them.
  const { managedFields } = live.metadata;
  if (metadata.managedFields === undefined && managedFields !== undefined) metadata.managedFields = managedFields;
  return { ...requested, metadata };
}

const SERVER_FIELDS: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);

function withGeneration(definition: ResourceDefinition, live: ApiObject, next: ApiObject): ApiObject {
  if (!definition.generation || isDeepStrictEqual(specified(live), specified(next))) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 } };
}

function specified(object: ApiObject): Record<string, unknown> {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

/** Equal but for the times in managedFields, as kube-apiserver sees it. */
function unchanged(live: ApiObject, next: ApiObject): boolean {
  return isDeepStrictEqual(withoutManagerTimes(live), withoutManagerTimes(next));
}

function withoutManagerTimes(object: ApiObject): ApiObject {
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields === undefined) return object;
  const entries = managedFields.map(({ time: _time, ...entry }) => entry);
  return { ...object, metadata: { ...metadata, managedFields: entries as typeof managedFields } };
}
