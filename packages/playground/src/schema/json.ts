/** JSON as it travels: what a request body holds and what the storage keeps. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** Equality of JSON values; the order of an object's keys does not matter, and an undefined key is an absent one. */
export function jsonEqual(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (isArray(left)) {
    return isArray(right) && left.length === right.length && left.every((item, index) => jsonEqual(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => jsonEqual(left[key], right[key]));
}

/** JSON with sorted keys: one text for one value. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
}

/** The object at `key`, or an empty one when there is none: reading untrusted JSON without a test at each step. */
export function objectAt(object: JsonObject | undefined, key: string): JsonObject {
  const value = object?.[key];
  return isObject(value) ? value : {};
}

export function arrayAt(object: JsonObject | undefined, key: string): JsonArray {
  const value = object?.[key];
  return isArray(value) ? value : [];
}

/** The objects of the array at `key`. */
export function objectsAt(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  return arrayAt(object, key).filter(isObject);
}

/** The strings of the array at `key`. */
export function stringsAt(object: JsonObject | undefined, key: string): readonly string[] {
  return arrayAt(object, key).filter((item) => typeof item === 'string');
}

export function stringAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(object: JsonObject | undefined, key: string): number | undefined {
  const value = object?.[key];
  return typeof value === 'number' ? value : undefined;
}
