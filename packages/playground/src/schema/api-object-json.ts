import type { ApiObject } from '../api-server/api-object.js';
import { type JsonObject, objectAt, stringAt } from './json.js';

/** The same object, seen as JSON. The API server only holds what it parsed from JSON. */
export function toJson(object: ApiObject): JsonObject {
  return object as JsonObject;
}

/** The same JSON, seen as an object; what it lacks of an identity comes from `like`. */
export function toApiObject(json: JsonObject, like: ApiObject): ApiObject {
  const metadata = objectAt(json, 'metadata');
  const identity = {
    apiVersion: stringAt(json, 'apiVersion') ?? like.apiVersion,
    kind: stringAt(json, 'kind') ?? like.kind,
    metadata: { ...metadata, name: stringAt(metadata, 'name') ?? like.metadata.name },
  };
  return { ...json, ...identity } as ApiObject;
}
