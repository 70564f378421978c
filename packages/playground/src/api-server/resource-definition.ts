/** One kind in one version, as served below `/api/v1` or `/apis/GROUP/VERSION`. */
export interface ResourceDefinition {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  /** As in the URL, e.g. `ingresses`. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** E.g. `all`, for `kubectl get all`. */
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly SubresourceName[];
  /** `metadata.generation` counts the changes of the specification. */
  readonly generation: boolean;
  /** An update without a resourceVersion is accepted. */
  readonly unconditionalUpdate: boolean;
  /** A delete answers the deleted object instead of a Status. */
  readonly returnsDeletedObject: boolean;
  /** Where the objects are kept: views of the same objects (Event in `v1` and in `events.k8s.io/v1`, versions of a custom resource) share it. */
  readonly storage: StorageName;
  /** Only on custom resources. */
  readonly custom?: CustomResource;
}

export type SubresourceName = 'status' | 'scale' | 'finalize' | 'log' | 'eviction';

/** `resource.group`, e.g. `ingresses.networking.k8s.io`, or `pods` for the core group. */
export type StorageName = string;

/** What a CustomResourceDefinition says of one version. */
export interface CustomResource {
  /** `schema.openAPIV3Schema`, undefined when the version has none. */
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly printerColumns: readonly PrinterColumn[];
  readonly scale?: ScalePaths;
}

/** One of `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

/** Where a custom resource keeps what its Scale shows, e.g. `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** `v1` or `apps/v1`. */
export function groupVersionOf(definition: Pick<ResourceDefinition, 'group' | 'version'>): string {
  return definition.group === '' ? definition.version : `${definition.group}/${definition.version}`;
}

/** `ingresses.networking.k8s.io` or `pods`: how the API server names a resource in its messages. */
export function groupResourceOf(definition: Pick<ResourceDefinition, 'group' | 'plural'>): string {
  return definition.group === '' ? definition.plural : `${definition.plural}.${definition.group}`;
}
