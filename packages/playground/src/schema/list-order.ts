import { isObject, type JsonArray, type JsonValue, jsonEqual } from './json.js';

/** Where `list` holds the element that `wanted` means: an equal value, or for objects the same value under `mergeKey`. */
export function indexByKey(list: JsonArray, wanted: JsonValue, mergeKey: string | undefined): number {
  const key = keyOf(wanted, mergeKey);
  return list.findIndex((item) => jsonEqual(keyOf(item, mergeKey), key));
}

function keyOf(value: JsonValue, mergeKey: string | undefined): JsonValue | undefined {
  return mergeKey !== undefined && isObject(value) ? value[mergeKey] : value;
}

/**
 * The order of a merged list: elements that `wanted` names come in its order, the others in the order they had (`live`), and
 * one of the others goes before a named one only when it stood before it.
 */
export function orderElements(
  merged: JsonArray,
  wanted: JsonArray,
  live: JsonArray,
  mergeKey: string | undefined,
): JsonArray {
  const rank = (list: JsonArray, item: JsonValue) => indexByKey(list, item, mergeKey);
  const named = merged.filter((item) => rank(wanted, item) !== -1).sort((a, b) => rank(wanted, a) - rank(wanted, b));
  const others = merged.filter((item) => rank(wanted, item) === -1).sort((a, b) => rank(live, a) - rank(live, b));
  const result: JsonValue[] = [];
  let next = 0;
  for (const item of named) {
    const place = rank(live, item);
    for (let other = others[next]; other !== undefined && place !== -1; other = others[next]) {
      const otherPlace = rank(live, other);
      if (otherPlace === -1 || otherPlace > place) break;
      result.push(other);
      next += 1;
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}
