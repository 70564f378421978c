import type { ApiObject, ManagedFieldsEntry } from '../api-server/api-object.js';
import type { ManagerContext } from '../api-server/types.js';
import { FieldSet } from './field-set.js';
import { isObject, type JsonObject } from './json.js';
import { changedFields } from './owned-fields.js';
import type { Schema } from './schema.js';

/** A manager and the fields it owns. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time?: string;
  readonly fields: FieldSet;
}

/** An applier is one manager whatever the version it applies in; an updater is another one in each version. */
export function isSameManager(left: Manager, right: Omit<Manager, 'fields'>): boolean {
  return (
    left.name === right.name &&
    left.operation === right.operation &&
    left.subresource === right.subresource &&
    (left.operation === 'Apply' || left.apiVersion === right.apiVersion)
  );
}

export function managersOf(object: ApiObject | undefined): readonly Manager[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    name: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    subresource: entry.subresource ?? '',
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fields: FieldSet.fromFieldsV1(isObject(entry.fieldsV1) ? entry.fieldsV1 : {}),
  }));
}

/** Sorted as the real server does: appliers first, then by time. Managers that own nothing are left out. */
export function entriesOf(managers: readonly Manager[]): ManagedFieldsEntry[] {
  return managers
    .filter((manager) => !manager.fields.isEmpty)
    .map((manager) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      fieldsType: 'FieldsV1' as const,
      fieldsV1: { ...manager.fields.toFieldsV1() },
      ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
    }))
    .sort((left, right) => sortKey(left).localeCompare(sortKey(right)));
}

function sortKey(entry: ManagedFieldsEntry): string {
  return [entry.operation, entry.time ?? '', entry.manager, entry.apiVersion, entry.subresource ?? ''].join('\0');
}

/** What nobody owns: identity, and what the server itself writes. */
const UNOWNED = FieldSet.fromFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:creationTimestamp': {},
    'f:deletionGracePeriodSeconds': {},
    'f:deletionTimestamp': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:name': {},
    'f:namespace': {},
    'f:resourceVersion': {},
    'f:selfLink': {},
    'f:uid': {},
  },
});
const STATUS = 'f:status';

/** The part of `fields` that a write through `subresource` can own. */
export function ownable(fields: FieldSet, subresource: string, hasStatus: boolean): FieldSet {
  const owned = [...fields.difference(UNOWNED).children];
  if (subresource === 'status')
    return FieldSet.of(
      false,
      owned.filter(([element]) => element === STATUS),
    );
  return FieldSet.of(
    false,
    owned.filter(([element]) => element !== STATUS || !hasStatus),
  );
}

/**
 * The managers after an update: the writer owns what it wrote, others lose it, and everybody loses what was removed.
 * `undefined` when no field changed.
 */
export function managersAfterUpdate(
  schema: Schema,
  live: { readonly json: JsonObject; readonly managers: readonly Manager[] },
  next: JsonObject,
  writer: Omit<Manager, 'fields'>,
  hasStatus: boolean,
): readonly Manager[] | undefined {
  const changed = changedFields(schema, live.json, next);
  const written = ownable(changed.written, writer.subresource, hasStatus);
  const removed = ownable(changed.removed, writer.subresource, hasStatus);
  if (written.isEmpty && removed.isEmpty) return undefined;
  const others = live.managers
    .filter((manager) => !isSameManager(manager, writer))
    .map((manager) => ({ ...manager, fields: manager.fields.difference(written).difference(removed) }));
  const before = live.managers.find((manager) => isSameManager(manager, writer))?.fields ?? FieldSet.EMPTY;
  return [...others, { ...writer, fields: before.difference(removed).union(written) }];
}

export function updater(apiVersion: string, context: ManagerContext): Omit<Manager, 'fields'> {
  return {
    name: context.manager,
    operation: 'Update',
    apiVersion,
    subresource: context.subresource,
    time: context.time,
  };
}
