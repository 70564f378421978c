import type { ObjectReference, ResourceReference } from '../../api-server/api-client.js';
import type { ApiObject } from '../../api-server/api-object.js';

/** A resource together with the type of its objects. The API server has checked their fields before anybody here reads them. */
export interface Resource<T extends ApiObject> extends ResourceReference {
  readonly kind: string;
  /** Never set; carries the type of the objects. */
  readonly type?: T;
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(resource: ResourceReference): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

export function referenceTo(resource: ResourceReference, object: Pick<ApiObject, 'metadata'>): ObjectReference {
  const { group, version, plural } = resource;
  return { group, version, plural, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/** `namespace/name`, or `name` for cluster-wide kinds. */
export type ObjectKey = string;

export function keyOf(object: Pick<ApiObject, 'metadata'>): ObjectKey {
  const { namespace, name } = object.metadata;
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}
