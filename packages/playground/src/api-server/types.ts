import type { ApiObject } from './api-object.js';
import type { ResourceDefinition } from './resource-definition.js';

/** One reason why an object was refused: `details.causes[]` of a Status. */
export interface StatusCause {
  /** As in Kubernetes: what is wrong with the field. */
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'FieldValueNotFound';
  /** Without the path, e.g. `Invalid value: "x": must be no more than 63 characters`. */
  readonly message: string;
  /** Path of the field, e.g. `spec.rules[0].host`. */
  readonly field: string;
}

/** What happens to unknown and duplicate fields: the query parameter `fieldValidation`. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface AdmissionContext {
  readonly operation: 'create' | 'update';
  /** `'status'` when only the status was sent; `''` for the object itself. */
  readonly subresource: string;
  /** The stored object before an update, in the same version as the new one. */
  readonly old?: ApiObject;
  readonly fieldValidation: FieldValidation;
}

export interface Admission {
  /** The object with its defaults filled in. */
  readonly object: ApiObject;
  /** Sent to the client as `Warning` headers. */
  readonly warnings: readonly string[];
  /** Not empty: the object is refused with 422 `Invalid`. */
  readonly causes: readonly StatusCause[];
  /**
   * Fields unknown to the schema when `fieldValidation` is `Strict`, as the API server words them: `unknown field "spec.foo"`.
   * Not empty: the object is refused with 400 `BadRequest` and `strict decoding error: ...`. With `Warn` they are warnings.
   */
  readonly strictErrors: readonly string[];
}

export interface ManagerContext {
  readonly manager: string;
  /** `''` for the object itself. */
  readonly subresource: string;
  /** RFC 3339, UTC, seconds. */
  readonly time: string;
}

export interface ApplyContext extends ManagerContext {
  readonly force: boolean;
}

/** A field that another manager owns. */
export interface ApplyConflict {
  /** E.g. `"kubectl" using networking.k8s.io/v1` or `"kube-controller-manager" with subresource "status" using apps/v1`. */
  readonly manager: string;
  /** E.g. `.spec.replicas`. */
  readonly field: string;
}

export type ApplyOutcome = { readonly object: ApiObject } | { readonly conflicts: readonly ApplyConflict[] };

/** `columnDefinitions[]` of a meta.k8s.io/v1 Table. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` marks the column that holds the object's name. */
  readonly format: string;
  readonly description: string;
  /** 0 is shown always, 1 and more with `-o wide`. */
  readonly priority: number;
}

/**
 * What the API server must know about the fields of objects. Every function is pure: it never changes what it is given
 * (stored objects are frozen) and returns new objects.
 */
export interface SchemaProvider {
  /** Defaults and validates. Metadata that every kind shares (name, labels, owner references, finalizers) is checked by the server. */
  admit(definition: ResourceDefinition, object: ApiObject, context: AdmissionContext): Admission;

  /**
   * Applies a strategic merge patch (with `$patch`, `$retainKeys`, `$setElementOrder`, `$deleteFromPrimitiveList`).
   * Throws a {@link SchemaError} for a malformed patch. Never called for custom resources.
   */
  strategicMergePatch(
    definition: ResourceDefinition,
    live: ApiObject,
    patch: Readonly<Record<string, unknown>>,
  ): ApiObject;

  /** Server-side apply: merges `applied` into `live` (undefined: creates) and records the manager's fields. */
  serverSideApply(
    definition: ResourceDefinition,
    live: ApiObject | undefined,
    applied: ApiObject,
    context: ApplyContext,
  ): ApplyOutcome;

  /**
   * Records in `metadata.managedFields` which fields a create, update or patch (operation `Update`) changed. Gives back `live`'s own
   * entries untouched when no field changed, so that a write without effect makes no new resourceVersion.
   */
  trackManager(
    definition: ResourceDefinition,
    live: ApiObject | undefined,
    next: ApiObject,
    context: ManagerContext,
  ): ApiObject;

  tableColumns(definition: ResourceDefinition): readonly TableColumn[];
  /** One cell a column, in the same order. `now` (milliseconds) is for ages. */
  tableCells(definition: ResourceDefinition, object: ApiObject, now: number): readonly unknown[];

  /** The Swagger 2.0 document of everything served. `definitions` include the custom resources of the moment. */
  openApiV2(definitions: readonly ResourceDefinition[]): Record<string, unknown>;
  /**
   * The OpenAPI 3 document of one group version, e.g. `v1` or `apps/v1`. kubectl looks in it for the paths of the resource (with the query parameter
   * `fieldValidation` on PATCH) and for `x-kubernetes-group-version-kind`.
   */
  openApiV3(groupVersion: string, definitions: readonly ResourceDefinition[]): Record<string, unknown>;
}

/** A patch or an applied configuration that makes no sense; answered with 400 `BadRequest`. */
export class SchemaError extends Error {
  readonly code = 'ERR_SCHEMA';
  readonly retryable = false;
  override readonly name = 'SchemaError';
}
