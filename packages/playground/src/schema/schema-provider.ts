import { badRequest } from '../api-server/api-error.js';
import type { ApiObject } from '../api-server/api-object.js';
import { groupVersionOf, type ResourceDefinition } from '../api-server/resource-definition.js';
import {
  type Admission,
  type AdmissionContext,
  type ApplyContext,
  type ApplyOutcome,
  type ManagerContext,
  SchemaError,
  type SchemaProvider,
} from '../api-server/types.js';
import { toApiObject, toJson } from './api-object-json.js';
import { type Decoded, DecodeError, decode } from './decode.js';
import { withKindDefaults } from './defaults/index.js';
import { isObject, type JsonObject } from './json.js';
import { without } from './json-update.js';
import { entriesOf, type Manager, managersAfterUpdate, managersOf, updater } from './managed-fields.js';
import { openApiV2, openApiV3 } from './open-api/index.js';
import { resourceSchema } from './resource-schema.js';
import { applyConfiguration } from './server-side-apply.js';
import { applyStrategicMergePatch } from './strategic-merge-patch.js';
import { tableCells, tableColumns } from './table/index.js';
import { validateKind } from './validation/index.js';

/**
 * Everything the embedded API server must know of kinds: shapes (from client-node's models and CustomResourceDefinitions),
 * defaults, validation, patches, server-side apply, tables and OpenAPI documents.
 * Pure: what needs the cluster's state (addresses, the default IngressClass) is the work of admission hooks.
 */
export function createSchemaProvider(): SchemaProvider {
  return {
    admit,
    strategicMergePatch,
    serverSideApply,
    trackManager,
    tableColumns,
    tableCells,
    openApiV2,
    openApiV3,
  };
}

function admit(definition: ResourceDefinition, object: ApiObject, context: AdmissionContext): Admission {
  const schema = resourceSchema(definition);
  const decoded = decodeFor(definition, toJson(object));
  const old = context.old === undefined ? undefined : toJson(context.old);
  const json = withKindDefaults(definition, schema, decoded.object);
  const unknown = decoded.unknownFields.map((path) => `unknown field ${JSON.stringify(path)}`);
  return {
    object: toApiObject(json, object),
    warnings: context.fieldValidation === 'Warn' ? unknown : [],
    causes: validateKind(definition, schema, json, old, context.subresource),
    strictErrors: context.fieldValidation === 'Strict' ? unknown : [],
  };
}

/** Throws an ApiError (400) in the words of the real server for a JSON type that doesn't fit. */
function decodeFor(definition: ResourceDefinition, json: JsonObject): Decoded {
  try {
    return decode(resourceSchema(definition), json, definition.custom === undefined ? 'check' : 'leave');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { kind } = definition;
    throw badRequest(
      `${kind} in version ${JSON.stringify(definition.version)} cannot be handled as a ${kind}: ${error.message}`,
    );
  }
}

function strategicMergePatch(
  definition: ResourceDefinition,
  live: ApiObject,
  patch: Readonly<Record<string, unknown>>,
): ApiObject {
  const patched = applyStrategicMergePatch(resourceSchema(definition), toJson(live), patch as JsonObject);
  return toApiObject(patched, live);
}

function serverSideApply(
  definition: ResourceDefinition,
  live: ApiObject | undefined,
  applied: ApiObject,
  context: ApplyContext,
): ApplyOutcome {
  const hasStatus = definition.subresources.includes('status');
  const decoded = decodeFor(definition, withoutManagers(applied));
  const [unknown] = decoded.unknownFields;
  if (unknown !== undefined) {
    const { namespace, name } = applied.metadata;
    const object = `${namespace === undefined ? '' : `${namespace}/`}${name}; ${groupVersionOf(definition)}, Kind=${definition.kind}`;
    throw new SchemaError(`failed to create typed patch object (${object}): .${unknown}: field not declared in schema`);
  }
  const outcome = applyConfiguration(
    resourceSchema(definition),
    { json: live === undefined ? {} : withoutManagers(live), managers: managersOf(live) },
    partOf(decoded.object, context.subresource, hasStatus),
    { ...context, apiVersion: groupVersionOf(definition), hasStatus },
  );
  if ('conflicts' in outcome) return outcome;
  return { object: withManagers(toApiObject(outcome.json, live ?? applied), outcome.managers) };
}

/** An applied status through the main resource is ignored, as is anything but the status through `status`. */
function partOf(configuration: JsonObject, subresource: string, hasStatus: boolean): JsonObject {
  if (subresource === 'status') {
    const { apiVersion, kind, status } = configuration;
    return { apiVersion, kind, ...(isObject(status) ? { status } : {}) };
  }
  return hasStatus ? without(configuration, 'status') : configuration;
}

function trackManager(
  definition: ResourceDefinition,
  live: ApiObject | undefined,
  next: ApiObject,
  context: ManagerContext,
): ApiObject {
  const managers = managersOf(live);
  const after = managersAfterUpdate(
    resourceSchema(definition),
    { json: live === undefined ? {} : withoutManagers(live), managers },
    withoutManagers(next),
    updater(groupVersionOf(definition), context),
    definition.subresources.includes('status'),
  );
  if (after !== undefined) return withManagers(next, after);
  const { managedFields, ...metadata } = next.metadata;
  const entries = live?.metadata.managedFields;
  return { ...next, metadata: entries === undefined ? metadata : { ...metadata, managedFields: entries } };
}

function withoutManagers(object: ApiObject): JsonObject {
  const { managedFields, ...metadata } = object.metadata;
  return toJson({ ...object, metadata });
}

function withManagers(object: ApiObject, managers: readonly Manager[]): ApiObject {
  const entries = entriesOf(managers);
  const { managedFields, ...metadata } = object.metadata;
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}
