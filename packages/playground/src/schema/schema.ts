import type { JsonValue } from './json.js';

/**
 * Structural schemas: what the API server knows of the shape of a kind, in one form for built-in kinds (from
 * client-node's models) and custom resources (from their CustomResourceDefinition).
 */
export type Schema = ObjectSchema | MapSchema | ListSchema | ScalarSchema | AnySchema;

/** An object with declared fields. */
export interface ObjectSchema {
  readonly type: 'object';
  /** Name in the OpenAPI documents; undefined for the nested objects of a custom resource. */
  readonly definition?: string;
  /** Short Go-like name for messages, e.g. `IngressSpec`. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, Schema>;
  /** One manager owns the whole value (x-kubernetes-map-type: atomic). */
  readonly atomic: boolean;
  /** Unknown fields are kept (x-kubernetes-preserve-unknown-fields). */
  readonly preserveUnknown: boolean;
  /** Patch strategy `retainKeys`: a patch that lists `$retainKeys` clears the others (unions such as a Volume). */
  readonly retainKeys?: boolean;
  /** Values that a custom resource's schema gives to absent fields. */
  readonly defaults?: ReadonlyMap<string, JsonValue>;
  readonly description: () => string;
  readonly required: () => readonly string[];
  readonly fieldDescription: (field: string) => string;
}

/** An object whose keys are data, e.g. labels. */
export interface MapSchema {
  readonly type: 'map';
  readonly values: Schema;
  readonly atomic: boolean;
}

export interface ListSchema {
  readonly type: 'list';
  readonly items: Schema;
  /** Ownership in server-side apply: the whole list, each value, or each element found by its `keys`. */
  readonly listType: 'atomic' | 'set' | 'map';
  readonly keys: readonly string[];
  /** Values of keys that an element may leave out, e.g. `protocol: TCP`. */
  readonly keyDefaults: Readonly<Record<string, string>>;
  readonly patch: ListPatch;
}

/** How a strategic merge patch treats a list. */
export interface ListPatch {
  readonly strategy: 'replace' | 'merge';
  /** Undefined for lists of primitives. */
  readonly mergeKey?: string;
  readonly retainKeys?: boolean;
}

type ScalarType = 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string' | 'quantity';

export interface ScalarSchema {
  readonly type: ScalarType;
  readonly format?: 'date-time' | 'date-time-micro' | 'byte' | 'int32' | 'int64' | 'double';
  /** Further rules of a custom resource's schema (enum, pattern, minimum …), checked on writes. */
  readonly rules?: ValueRules;
}

/** Anything at all. */
export interface AnySchema {
  readonly type: 'any';
}

/** The validation keywords of a CustomResourceDefinition's schema that are checked. */
export interface ValueRules {
  readonly enumeration?: readonly (string | number | boolean)[];
  readonly pattern?: RegExp;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export const ANY: AnySchema = { type: 'any' };

/** The schema below `key` of an object or map. */
export function childSchema(schema: Schema, key: string): Schema | undefined {
  if (schema.type === 'map') return schema.values;
  if (schema.type === 'object') return schema.fields.get(key) ?? (schema.preserveUnknown ? ANY : undefined);
  return schema.type === 'any' ? ANY : undefined;
}
