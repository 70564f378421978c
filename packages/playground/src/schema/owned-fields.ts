import { FieldSet } from './field-set.js';
import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue, jsonEqual } from './json.js';
import { fieldElement, listElement, type PathElement } from './path-element.js';
import { ANY, type ListSchema, type Schema } from './schema.js';

/** How a value is owned: as a whole, or part by part. */
type Parts =
  | { readonly kind: 'whole' }
  | { readonly kind: 'members'; readonly members: readonly Member[] }
  | { readonly kind: 'elements'; readonly schema: ListSchema; readonly members: readonly Member[] };

interface Member {
  readonly element: PathElement;
  readonly schema: Schema;
  readonly value: JsonValue;
  /** List elements and map entries are owned beside what is in them; declared fields are not. */
  readonly ownedItself: boolean;
}

const WHOLE: Parts = { kind: 'whole' };

function partsOf(schema: Schema, value: JsonValue): Parts {
  if (isObject(value)) {
    if ((schema.type === 'object' || schema.type === 'map') && schema.atomic) return WHOLE;
    return { kind: 'members', members: membersOf(schema, value) };
  }
  if (!isArray(value) || schema.type !== 'list' || schema.listType === 'atomic') return WHOLE;
  const members: Member[] = [];
  for (const item of value) {
    const element = listElement(schema, item);
    // Without its keys or with a repeated one, an element can't be told from the others: the list counts as one value.
    if (element === undefined || members.some((member) => member.element === element)) return WHOLE;
    members.push({ element, schema: schema.items, value: item, ownedItself: true });
  }
  return { kind: 'elements', schema, members };
}

function membersOf(schema: Schema, value: JsonObject): Member[] {
  const members: Member[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const declared = schema.type === 'object' ? schema.fields.get(key) : undefined;
    const child = declared ?? (schema.type === 'map' ? schema.values : ANY);
    members.push({ element: fieldElement(key), schema: child, value: member, ownedItself: declared === undefined });
  }
  return members;
}

/** The paths of everything in `value`: what a manager that applied it owns. */
export function fieldsOf(schema: Schema, value: JsonValue): FieldSet {
  const parts = partsOf(schema, value);
  // An empty object or list is something to own, too: `emptyDir: {}`.
  if (parts.kind === 'whole' || parts.members.length === 0) return FieldSet.SELF;
  return FieldSet.of(
    false,
    parts.members.map((member) => {
      const below = fieldsOf(member.schema, member.value);
      return [member.element, member.ownedItself ? below.union(FieldSet.SELF) : below];
    }),
  );
}

export interface ChangedFields {
  /** Added, or with another value. */
  readonly written: FieldSet;
  readonly removed: FieldSet;
}

export function changedFields(schema: Schema, before: JsonObject, after: JsonObject): ChangedFields {
  const old = fieldsOf(schema, before);
  const next = fieldsOf(schema, after);
  const modified = modifiedFields(schema, before, after);
  // What is empty on one side and not on the other is there on both.
  return { written: next.withoutOwned(old).union(modified), removed: old.withoutOwned(next) };
}

/** Paths on both sides whose value, owned as a whole, differs. */
function modifiedFields(schema: Schema, before: JsonValue, after: JsonValue): FieldSet {
  const old = partsOf(schema, before);
  const next = partsOf(schema, after);
  if (old.kind === 'whole' || next.kind === 'whole') return jsonEqual(before, after) ? FieldSet.EMPTY : FieldSet.SELF;
  const previous = new Map(old.members.map((member) => [member.element, member.value]));
  return FieldSet.of(
    false,
    next.members.flatMap((member) => {
      const value = previous.get(member.element);
      return value === undefined ? [] : [[member.element, modifiedFields(member.schema, value, member.value)] as const];
    }),
  );
}

/** Lays an applied configuration over the live value: what is owned as a whole is replaced, the rest merges. */
export function mergeApplied(schema: Schema, live: JsonValue | undefined, applied: JsonValue): JsonValue {
  if (live === undefined) return applied;
  const old = partsOf(schema, live);
  const next = partsOf(schema, applied);
  if (next.kind === 'members' && old.kind === 'members' && isObject(live) && isObject(applied)) {
    const merged: Record<string, JsonValue | undefined> = { ...live };
    for (const member of next.members) {
      const key = member.element.slice(2);
      merged[key] = mergeApplied(member.schema, live[key], member.value);
    }
    return merged;
  }
  if (next.kind === 'elements' && old.kind === 'elements') return mergeElements(old.members, next.members);
  return applied;
}

/**
 * Applied elements come in their order; one that only the live list has keeps its place before the next element that both have
 * (structured-merge-diff, visitListItems).
 */
function mergeElements(live: readonly Member[], applied: readonly Member[]): JsonArray {
  const wanted = new Set(applied.map((member) => member.element));
  const values = new Map(live.map((member) => [member.element, member.value]));
  const shared = applied.map((member) => member.element).filter((element) => values.has(element));
  const result: JsonValue[] = [];
  let next = 0;
  const takeLiveOnly = (end: PathElement | undefined) => {
    for (let member = live[next]; member !== undefined && member.element !== end; member = live[next]) {
      if (!wanted.has(member.element)) result.push(member.value);
      next += 1;
    }
  };
  for (const member of applied) {
    takeLiveOnly(shared[0]);
    result.push(mergeApplied(member.schema, values.get(member.element), member.value));
    if (member.element === shared[0]) shared.shift();
  }
  takeLiveOnly(undefined);
  return result;
}

/** `value` without the paths in `fields`; undefined when nothing is left of it and nobody owns it as an empty one. */
export function removeFields(
  schema: Schema,
  value: JsonValue,
  fields: FieldSet,
  owned: FieldSet,
): JsonValue | undefined {
  const parts = partsOf(schema, value);
  if (parts.kind === 'whole' || fields.children.size === 0) return value;
  const kept: (readonly [string, JsonValue])[] = [];
  for (const { element, schema: below, value: member } of parts.members) {
    const gone = fields.child(element);
    const rest = gone.member ? undefined : removeFields(below, member, gone, owned.child(element));
    if (rest !== undefined) kept.push([element.slice(2), rest]);
  }
  if (kept.length === 0 && parts.members.length > 0 && !owned.member) return undefined;
  return parts.kind === 'members' ? Object.fromEntries(kept) : kept.map(([, item]) => item);
}
