import type { ResourceKind } from './resource-kind.js';

/** Narrows a path to a namespace, an object, a subresource. */
export interface ResourceTarget {
  /** Left out for all namespaces and for cluster-wide kinds. */
  readonly namespace?: string;
  readonly name?: string;
  /** E.g. `status`. */
  readonly subresource?: string;
}

/** Path of a collection, an object or a subresource, below the API root. */
export function resourcePath(kind: ResourceKind, target: ResourceTarget = {}): string {
  const { namespace = '', name, subresource } = target;
  const segments = [
    ...(kind.group === '' ? ['api', kind.version] : ['apis', kind.group, kind.version]),
    ...(namespace === '' ? [] : ['namespaces', namespace]),
    kind.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${segments.map(encodeURIComponent).join('/')}`;
}
