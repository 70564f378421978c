import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import type { ObjectSchema, Schema } from '../schema.js';

/** Fills in the `default`s of a custom resource's schema, outer ones first, so that a default object gets its own too. */
export function defaultCustomResource(schema: ObjectSchema, object: JsonObject): JsonObject {
  const filled: Record<string, JsonValue | undefined> = { ...object };
  for (const [key, value] of schema.defaults ?? []) filled[key] ??= value;
  for (const [key, field] of schema.fields) {
    const value = filled[key];
    if (value !== undefined && key !== 'metadata') filled[key] = defaultValue(field, value);
  }
  return filled;
}

function defaultValue(schema: Schema, value: JsonValue): JsonValue {
  if (schema.type === 'object' && isObject(value)) return defaultCustomResource(schema, value);
  if (schema.type === 'list' && isArray(value)) return value.map((item) => defaultValue(schema.items, item));
  if (schema.type !== 'map' || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? item : defaultValue(schema.values, item)]),
  );
}
