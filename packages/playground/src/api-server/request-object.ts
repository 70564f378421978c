import { badRequest } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import { groupVersionOf, type ResourceDefinition } from './resource-definition.js';

/** Where the request says the object is; `name` is undefined for a create. */
export interface RequestedPlace {
  readonly namespace: string;
  readonly name?: string;
}

/**
 * What a client sent, checked to be an object of this kind at this place and copied as JSON would carry it. Throws an ApiError (400).
 */
export function requestObject(definition: ResourceDefinition, sent: unknown, place: RequestedPlace): ApiObject {
  const object: unknown = jsonCopy(sent);
  const apiVersion = groupVersionOf(definition);
  if (!isRecord(object))
    throw badRequest(`${definition.kind} in version "${definition.version}" cannot be handled: not a JSON object`);
  if (object.kind !== undefined && object.kind !== definition.kind) {
    throw badRequest(
      `${String(object.kind)} in version "${String(object.apiVersion)}" cannot be handled as a ${definition.kind}: kind does not match`,
    );
  }
  if (object.apiVersion !== undefined && object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(object.apiVersion)}) does not match the expected API version (${apiVersion})`,
    );
  }
  const metadata = requestMetadata(definition, object.metadata ?? {}, place);
  return { ...object, apiVersion, kind: definition.kind, metadata };
}

function requestMetadata(definition: ResourceDefinition, sent: unknown, place: RequestedPlace): ApiObject['metadata'] {
  if (!isRecord(sent)) throw wrongType(definition, 'metadata', 'an object');
  for (const field of ['name', 'namespace', 'generateName', 'resourceVersion', 'uid']) {
    if (sent[field] !== undefined && typeof sent[field] !== 'string')
      throw wrongType(definition, `metadata.${field}`, 'a string');
  }
  const { namespace, ...rest } = Object.fromEntries(
    Object.entries(sent).filter(([field, value]) => !isOmitted(field, value)),
  );
  const name = typeof sent.name === 'string' ? sent.name : '';
  if (place.name !== undefined && name !== '' && name !== place.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${place.name})`);
  }
  const metadata = { ...rest, name: name === '' ? (place.name ?? '') : name };
  if (!definition.namespaced) return metadata;
  if (namespace !== undefined && namespace !== '' && namespace !== place.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { ...metadata, namespace: place.namespace };
}

/** Go leaves empty fields of the metadata out (`omitempty`). An empty list of managedFields is a wish: forget them. */
function isOmitted(field: string, value: unknown): boolean {
  if (value === null || value === '') return true;
  if (field === 'managedFields' || typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

function wrongType(definition: ResourceDefinition, path: string, expected: string) {
  return badRequest(
    `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}: ${path} must be ${expected}`,
  );
}

/** Drops what JSON can't carry (undefined) and shares nothing with the caller. */
function jsonCopy(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
