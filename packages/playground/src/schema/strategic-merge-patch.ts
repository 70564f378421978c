import { SchemaError } from '../api-server/types.js';
import { arrayAt, isArray, isObject, type JsonArray, type JsonObject, type JsonValue, jsonEqual } from './json.js';
import { without } from './json-update.js';
import { indexByKey, orderElements } from './list-order.js';
import { ANY, childSchema, type ListPatch, type Schema } from './schema.js';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const SET_ELEMENT_ORDER = '$setElementOrder/';
const DELETE_FROM_PRIMITIVE_LIST = '$deleteFromPrimitiveList/';

/**
 * Applies a strategic merge patch as the real API server does: maps merge, null deletes, lists merge by the key their
 * schema names or are replaced, and the directives `$patch` (`replace`, `delete`, `merge`), `$retainKeys`, `$setElementOrder/…`
 * and `$deleteFromPrimitiveList/…` steer it.
 *
 * @throws SchemaError for a malformed patch, in the words of the real server.
 */
export function applyStrategicMergePatch(schema: Schema, original: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return withoutDirectives(without(patch, DIRECTIVE));
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw new SchemaError(`unknown patch type: ${String(directive)} in map: ${JSON.stringify(patch)}`);
  }
  const result: Record<string, JsonValue | undefined> = retainKeys(original, patch);
  for (const field of listFields(patch)) mergeListField(schema, result, patch, field);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$') || isArray(value) || value === undefined) continue;
    if (value === null) delete result[key];
    else assign(result, key, mergeValue(childSchema(schema, key) ?? ANY, result[key], value));
  }
  return result;
}

function mergeValue(schema: Schema, original: JsonValue | undefined, patch: JsonValue): JsonValue | undefined {
  if (!isObject(patch)) return patch;
  if (isObject(original)) return applyStrategicMergePatch(schema, original, patch);
  return DIRECTIVE in patch ? undefined : withoutDirectives(patch);
}

/** Clears what a union's patch does not list in `$retainKeys`. */
function retainKeys(original: JsonObject, patch: JsonObject): Record<string, JsonValue | undefined> {
  const retained = patch[RETAIN_KEYS];
  if (retained === undefined) return { ...original };
  const stray = Object.entries(patch).some(
    ([key, value]) => !key.startsWith('$') && value !== null && isArray(retained) && !retained.includes(key),
  );
  if (!isArray(retained) || stray) throw new SchemaError('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([key]) => retained.includes(key)));
}

/** The list fields a patch touches: by a list, by an order, or by deletions from a list of primitives. */
function listFields(patch: JsonObject): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(SET_ELEMENT_ORDER)) fields.add(key.slice(SET_ELEMENT_ORDER.length));
    else if (key.startsWith(DELETE_FROM_PRIMITIVE_LIST)) fields.add(key.slice(DELETE_FROM_PRIMITIVE_LIST.length));
    else if (!key.startsWith('$') && isArray(value)) fields.add(key);
  }
  return fields;
}

function mergeListField(
  schema: Schema,
  result: Record<string, JsonValue | undefined>,
  patch: JsonObject,
  field: string,
): void {
  if (patch[field] === null) {
    delete result[field];
    return;
  }
  const list = childSchema(schema, field) ?? ANY;
  const items = list.type === 'list' ? list.items : ANY;
  const { strategy, mergeKey }: ListPatch = list.type === 'list' ? list.patch : { strategy: 'replace' };
  const live = arrayAt(result, field);
  const deleted = arrayAt(patch, `${DELETE_FROM_PRIMITIVE_LIST}${field}`);
  const order = patch[`${SET_ELEMENT_ORDER}${field}`];
  const changes = patch[field];
  if (order !== undefined && !isArray(order)) throw new SchemaError('invalid patch format of setElementOrder list');
  if (order !== undefined && isArray(changes)) checkOrder(changes, order, mergeKey);

  const remaining = live.filter((item) => !deleted.some((value) => jsonEqual(item, value)));
  const merged = isArray(changes) ? mergeList(items, strategy, mergeKey, remaining, changes) : remaining;
  const wanted = order ?? (strategy === 'merge' && isArray(changes) ? changes : undefined);
  if (result[field] === undefined && !isArray(changes)) return;
  result[field] = wanted === undefined ? merged : orderElements(merged, wanted, live, mergeKey);
}

function mergeList(
  items: Schema,
  strategy: ListPatch['strategy'],
  mergeKey: string | undefined,
  live: JsonArray,
  changes: JsonArray,
): JsonArray {
  if (strategy === 'replace') return withoutDirectives(changes);
  if (mergeKey === undefined) {
    const merged = [...live, ...changes];
    return merged.filter((item, index) => merged.findIndex((other) => jsonEqual(item, other)) === index);
  }
  const elements = changes.map((change) => keyedElement(change, mergeKey));
  const plain = elements.filter((element) => element[DIRECTIVE] === undefined);
  if (elements.some((element) => element[DIRECTIVE] === 'replace')) return withoutDirectives(plain);

  const merged: JsonValue[] = [...live];
  for (const element of elements) {
    if (element[DIRECTIVE] !== 'delete') continue;
    for (
      let index = indexByKey(merged, element, mergeKey);
      index !== -1;
      index = indexByKey(merged, element, mergeKey)
    ) {
      merged.splice(index, 1);
    }
  }
  for (const element of plain) {
    const index = indexByKey(merged, element, mergeKey);
    const found = merged[index];
    if (isObject(found)) merged[index] = applyStrategicMergePatch(items, found, element);
    else merged.push(withoutDirectives(element));
  }
  return merged;
}

function keyedElement(change: JsonValue, mergeKey: string): JsonObject {
  if (!isObject(change)) throw new SchemaError(`expected a map, but received ${JSON.stringify(change)}`);
  const directive = change[DIRECTIVE];
  if (directive === 'merge') throw new SchemaError('merging lists cannot yet be specified in the patch');
  if (directive !== undefined && directive !== 'delete' && directive !== 'replace') {
    throw new SchemaError(`unknown patch type: ${String(directive)} in map: ${JSON.stringify(change)}`);
  }
  if (directive !== 'replace' && change[mergeKey] === undefined) {
    throw new SchemaError(`map: ${JSON.stringify(change)} does not contain declared merge key: ${mergeKey}`);
  }
  return change;
}

/** Elements of a patch must come in the order that its `$setElementOrder` gives. */
function checkOrder(changes: JsonArray, order: JsonArray, mergeKey: string | undefined): void {
  let next = 0;
  for (const change of changes) {
    if (isObject(change) && change[DIRECTIVE] !== undefined) continue;
    const found = indexByKey(order.slice(next), change, mergeKey);
    if (found === -1 && order.length > 0) {
      throw new SchemaError(
        `The order in patch list:\n${JSON.stringify(changes)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
      );
    }
    next += found + 1;
  }
}

/** A value that is new to the object, without nulls (they delete nothing here) and directives. */
function withoutDirectives<T extends JsonValue>(value: T): T;
function withoutDirectives(value: JsonValue): JsonValue {
  if (isArray(value)) return value.filter((item) => !isDirective(item)).map((item) => withoutDirectives(item));
  if (!isObject(value)) return value;
  const kept: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('$') || member === null || member === undefined || isDirective(member)) continue;
    kept[key] = withoutDirectives(member);
  }
  return kept;
}

function isDirective(value: JsonValue): boolean {
  return isObject(value) && value[DIRECTIVE] !== undefined;
}

function assign(target: Record<string, JsonValue | undefined>, key: string, value: JsonValue | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}
