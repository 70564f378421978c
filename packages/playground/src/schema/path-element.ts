import { canonicalJson, isObject, type JsonObject, type JsonValue } from './json.js';
import type { ListSchema } from './schema.js';

/**
 * One step of a path, spelled as in `fieldsV1`: `f:<name>` a field or map key, `k:<JSON>` the element of a list with these
 * key values, `v:<JSON>` a value of a set.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** Undefined when an element lacks a key that has no default: such a list can only be owned as a whole. */
export function listElement(schema: ListSchema, item: JsonValue): PathElement | undefined {
  if (schema.listType === 'set') return `v:${canonicalJson(item)}`;
  if (!isObject(item)) return undefined;
  const keys: Record<string, JsonValue> = {};
  for (const key of schema.keys) {
    const value = item[key] ?? schema.keyDefaults[key];
    if (value === undefined) return undefined;
    keys[key] = value;
  }
  return `k:${canonicalJson(keys)}`;
}

/** The name in `f:<name>`, undefined for elements of lists. */
export function fieldOf(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** As conflicts show it: `.spec.containers[name="nginx"].image`, `.metadata.finalizers[="a"]`. */
export function printPath(path: readonly PathElement[]): string {
  return path.map(printElement).join('');
}

function printElement(element: PathElement): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  const keys: JsonObject = JSON.parse(text);
  const pairs = Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${pairs.join(',')}]`;
}
