import { randomUUID } from 'node:crypto';
import { admitObject } from './admission.js';
import type { ResourceReference, WriteOptions } from './api-client.js';
import { alreadyExists, badRequest, forbidden, invalid, notFound } from './api-error.js';
import type { ApiObject } from './api-object.js';
import { type Backend, storageKey, timestamp } from './backend.js';
import { withInitialStatus } from './initial-status.js';
import { generatedName } from './object-name.js';
import { storedForm, viewOf } from './object-version.js';
import { requestObject } from './request-object.js';
import type { ResourceDefinition } from './resource-definition.js';

const GENERATED_NAME_ATTEMPTS = 8;

/** Creates what a client sent. Throws an ApiError. */
export function createObject(
  backend: Backend,
  resource: ResourceReference,
  namespace: string,
  sent: unknown,
  options: WriteOptions,
): ApiObject {
  const definition = backend.registry.get(resource);
  return createRequested(backend, definition, requestObject(definition, sent, { namespace }), options, 'track');
}

/** `fields`: whether the write's fields must still be recorded for its manager, or server-side apply has done so. */
export function createRequested(
  backend: Backend,
  definition: ResourceDefinition,
  requested: ApiObject,
  options: WriteOptions,
  fields: 'track' | 'tracked',
): ApiObject {
  if (requested.metadata.resourceVersion !== undefined && requested.metadata.resourceVersion !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  requireNamespace(backend, definition, requested.metadata);
  const named = nameObject(backend, definition, requested);
  const { name, namespace } = named.metadata;
  const begun = withInitialStatus(
    definition,
    beginNamespace(definition, withNewIdentity(backend, definition, named, fields)),
  );
  const admitted = admitObject(backend, definition, begun, undefined, options);
  const key = storageKey(definition, namespace ?? '', name);
  if (backend.storage.get(definition.storage, key) !== undefined) throw alreadyExists(definition, name);
  const created = fields === 'tracked' ? admitted : trackCreation(backend, definition, admitted, options);
  if (options.dryRun) return created;
  return viewOf(definition, backend.storage.put(definition.storage, key, storedForm(definition, created)));
}

function requireNamespace(
  backend: Backend,
  definition: ResourceDefinition,
  { name, namespace = '' }: ApiObject['metadata'],
): void {
  if (!definition.namespaced) return;
  if (namespace === '') throw badRequest('an empty namespace may not be set during creation');
  const found = backend.storage.get('namespaces', namespace);
  if (found === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(definition, name, why, { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' });
}

function nameObject(backend: Backend, definition: ResourceDefinition, object: ApiObject): ApiObject {
  const { name, namespace = '', generateName = '' } = object.metadata;
  if (name !== '') return object;
  if (generateName === '') {
    const message = 'Required value: name or generateName is required';
    throw invalid(definition, '', [{ reason: 'FieldValueRequired', field: 'metadata.name', message }]);
  }
  let generated = generatedName(generateName);
  for (let attempt = 1; attempt < GENERATED_NAME_ATTEMPTS; attempt += 1) {
    if (backend.storage.get(definition.storage, storageKey(definition, namespace, generated)) === undefined) break;
    generated = generatedName(generateName);
  }
  return { ...object, metadata: { ...object.metadata, name: generated } };
}

/** The fields of the metadata that only the server writes. */
function withNewIdentity(
  backend: Backend,
  definition: ResourceDefinition,
  object: ApiObject,
  fields: 'track' | 'tracked',
): ApiObject {
  const {
    resourceVersion: _resourceVersion,
    generation: _generation,
    deletionTimestamp: _deletionTimestamp,
    deletionGracePeriodSeconds: _deletionGracePeriodSeconds,
    selfLink: _selfLink,
    managedFields,
    ...sent
  } = object.metadata;
  const metadata: ApiObject['metadata'] = {
    ...sent,
    uid: randomUUID(),
    creationTimestamp: timestamp(backend.clock),
    ...(definition.generation ? { generation: 1 } : {}),
    ...(fields === 'tracked' && managedFields !== undefined ? { managedFields } : {}),
  };
  return { ...object, metadata };
}

/** A Namespace is labelled with its name and stays, once deleted, until its content is gone. */
function beginNamespace(definition: ResourceDefinition, object: ApiObject): ApiObject {
  if (definition.storage !== 'namespaces') return object;
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  return { ...object, metadata: { ...object.metadata, labels }, spec: { finalizers: ['kubernetes'] } };
}

function trackCreation(
  backend: Backend,
  definition: ResourceDefinition,
  object: ApiObject,
  options: WriteOptions,
): ApiObject {
  return backend.schema.trackManager(definition, undefined, object, {
    manager: options.fieldManager ?? 'unknown',
    subresource: '',
    time: timestamp(backend.clock),
  });
}
