import { isArray, isObject, type JsonObject, type JsonValue, objectAt } from './json.js';

/** A copy of `object` in which the object at `key` is replaced by what `change` makes of it; nothing happens without one. */
export function update(object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject {
  const value = object[key];
  return isObject(value) ? { ...object, [key]: change(value) } : object;
}

/** The same where an absent object counts as an empty one: a field that is a structure in Go is always there. */
export function updateStructure(
  object: JsonObject,
  key: string,
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  return { ...object, [key]: change(objectAt(object, key)) };
}

/** The same for every object in the array at `key`. */
export function updateEach(object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject {
  const value = object[key];
  if (!isArray(value)) return object;
  return { ...object, [key]: value.map((item) => (isObject(item) ? change(item) : item)) };
}

/** `object` with these members where it has none. */
export function withDefaults(object: JsonObject, defaults: Readonly<Record<string, JsonValue>>): JsonObject {
  return { ...defaults, ...object };
}

export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
