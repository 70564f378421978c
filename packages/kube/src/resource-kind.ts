import type { KubernetesObject } from './kubernetes-object.js';

/** One kind of object and where its API lives. `T` is only for the type checker. */
export interface ResourceKind<T extends KubernetesObject = KubernetesObject> {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural as in the URL, e.g. `ingresses`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set; carries the object's type. */
  readonly type?: T;
}

export function apiVersionOf(kind: ResourceKind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
