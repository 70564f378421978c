import type { ApplyConflict, ApplyContext } from '../api-server/types.js';
import { FieldSet } from './field-set.js';
import { isObject, type JsonObject, jsonEqual } from './json.js';
import { isSameManager, type Manager, ownable } from './managed-fields.js';
import { changedFields, fieldsOf, mergeApplied, removeFields } from './owned-fields.js';
import { printPath } from './path-element.js';
import type { Schema } from './schema.js';

export interface Live {
  readonly json: JsonObject;
  readonly managers: readonly Manager[];
}

export type Applied =
  | { readonly json: JsonObject; readonly managers: readonly Manager[] }
  | { readonly conflicts: readonly ApplyConflict[] };

/**
 * Server-side apply, by the rules of structured-merge-diff: the configuration is merged into the live object; what this
 * manager applied before and no longer does is removed unless somebody else owns it; a field that changes and that another
 * manager owns is a conflict, or with `force` is taken from it. Applying the value that a field has already makes both its owners.
 */
export function applyConfiguration(
  schema: Schema,
  live: Live,
  configuration: JsonObject,
  context: ApplyContext & { readonly apiVersion: string; readonly hasStatus: boolean },
): Applied {
  const applier: Omit<Manager, 'fields'> = {
    name: context.manager,
    operation: 'Apply',
    apiVersion: context.apiVersion,
    subresource: context.subresource,
    time: context.time,
  };
  const before = live.managers.find((manager) => isSameManager(manager, applier));
  const others = live.managers.filter((manager) => !isSameManager(manager, applier));
  const fields = ownable(fieldsOf(schema, configuration), context.subresource, context.hasStatus);

  const merged = mergeApplied(schema, live.json, configuration);
  const owned = others.reduce((all, manager) => all.union(manager.fields), fields);
  const abandoned = (before?.fields ?? FieldSet.EMPTY).withoutOwned(owned);
  const pruned = removeFields(schema, merged, abandoned, owned);
  const json = isObject(pruned) ? pruned : {};

  const changed = changedFields(schema, live.json, json);
  const conflicting = others.map((manager) => ({ manager, fields: manager.fields.intersection(changed.written) }));
  const conflicts = conflicting.filter((conflict) => !conflict.fields.isEmpty);
  if (conflicts.length > 0 && !context.force) return { conflicts: conflicts.flatMap(printConflict) };

  const remaining = others.map((manager) => ({
    ...manager,
    fields: manager.fields.difference(changed.written).difference(changed.removed),
  }));
  const unchanged = before?.fields.equals(fields) === true && jsonEqual(json, live.json);
  const time = unchanged ? before.time : context.time;
  return { json, managers: [...remaining, { ...applier, ...(time === undefined ? {} : { time }), fields }] };
}

function printConflict({ manager, fields }: { manager: Manager; fields: FieldSet }): readonly ApplyConflict[] {
  const subresource = manager.subresource === '' ? '' : ` with subresource ${JSON.stringify(manager.subresource)}`;
  const using = manager.operation === 'Update' ? ` using ${manager.apiVersion}` : '';
  const name = `${JSON.stringify(manager.name)}${subresource}${using}`;
  return fields.paths().map((path) => ({ manager: name, field: printPath(path) }));
}
