import type { ApiObject } from '../../api-server/api-object.js';
import type { Resource } from './resource.js';

export interface Namespace extends ApiObject {
  spec?: { readonly finalizers?: readonly string[] };
  status?: { readonly phase?: string };
}

export const NAMESPACES: Resource<Namespace> = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
};
