import type { ApiObject } from './api-object.js';
import { mergePatch } from './merge-patch.js';
import { SchemaError, type SchemaProvider } from './types.js';

/** The least that a schema can be, for the tests of the server: every object is fine unless an annotation says otherwise. */
export const TRIVIAL_SCHEMA: SchemaProvider = {
  admit(_definition, object, { fieldValidation }) {
    const wish = object.metadata.annotations?.['test/admit'];
    return {
      object: wish === 'default' ? { ...object, data: { defaulted: 'yes' } } : object,
      warnings: wish === 'warn' ? ['a "quoted" warning'] : [],
      strictErrors: wish === 'unknown-field' && fieldValidation === 'Strict' ? ['unknown field "spec.foo"'] : [],
      causes:
        wish === 'invalid'
          ? [{ reason: 'FieldValueInvalid', message: 'Invalid value: "x": is wrong', field: 'spec.foo' }]
          : [],
    };
  },
  strategicMergePatch(_definition, live, patch) {
    if (patch.$patch === 'nonsense') throw new SchemaError('unknown $patch directive');
    return merged(live, patch);
  },
  serverSideApply(definition, live, applied, { manager, force }) {
    const owner = live?.metadata.managedFields?.[0]?.manager;
    if (owner !== undefined && owner !== manager && !force) {
      return { conflicts: [{ manager: `"${owner}" using ${applied.apiVersion}`, field: '.data.a' }] };
    }
    const object = live === undefined ? applied : merged(live, applied);
    return {
      object: this.trackManager(definition, live, object, { manager, subresource: '', time: '2026-01-01T00:00:00Z' }),
    };
  },
  trackManager(_definition, live, next, { manager, time }) {
    const before = live?.metadata.managedFields?.[0];
    if (before?.manager === manager) return next;
    const entry = {
      manager,
      operation: 'Update',
      apiVersion: next.apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {},
    } as const;
    return { ...next, metadata: { ...next.metadata, managedFields: [entry] } };
  },
  tableColumns: () => [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    { name: 'Version', type: 'string', format: '', description: '', priority: 0 },
  ],
  tableCells: (_definition, { metadata }) => [metadata.name, metadata.resourceVersion],
  openApiV2: () => ({ swagger: '2.0' }),
  openApiV3: (groupVersion) => ({ openapi: '3.0.0', info: { title: groupVersion } }),
};

function merged(live: ApiObject, patch: Readonly<Record<string, unknown>>): ApiObject {
  return mergePatch(live, patch) as ApiObject;
}
