import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ApiObject } from '../api-server/api-object.js';
import type { ResourceDefinition } from '../api-server/resource-definition.js';
import { BUILT_IN_RESOURCES } from '../api-server/resources.js';
import type { AdmissionContext } from '../api-server/types.js';
import { createSchemaProvider } from './schema-provider.js';

const provider = createSchemaProvider();
const TIME = '2026-01-01T00:00:00Z';

function definition(kind: string): ResourceDefinition {
  const found = BUILT_IN_RESOURCES.find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function object(kind: string, fields: Record<string, unknown>, metadata: Record<string, unknown> = {}): ApiObject {
  const { group, version } = definition(kind);
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: { name: 'x', ...metadata },
    ...fields,
  };
}

const admit = (sent: ApiObject, fieldValidation: AdmissionContext['fieldValidation'] = 'Strict') =>
  provider.admit(definition(sent.kind), sent, { operation: 'create', subresource: '', fieldValidation });
const BACKEND = { service: { name: 'web', port: { number: 80 } } };

describe('admission', () => {
  it('fills in defaults and finds nothing wrong', () => {
    expect(admit(object('Service', { spec: { ports: [{ port: 80 }] } }))).toMatchObject({
      object: { metadata: { name: 'x' }, spec: { type: 'ClusterIP', ports: [{ protocol: 'TCP' }] } },
      warnings: [],
      causes: [],
      strictErrors: [],
    });
  });

  it.each([
    ['Strict', [], ['unknown field "spec.foo"']],
    ['Warn', ['unknown field "spec.foo"'], []],
    ['Ignore', [], []],
  ] as const)('with fieldValidation=%s', (fieldValidation, warnings, strictErrors) => {
    const admitted = admit(object('Ingress', { spec: { defaultBackend: BACKEND, foo: 1 } }), fieldValidation);
    expect(admitted).toMatchObject({ warnings, strictErrors, object: { spec: { defaultBackend: BACKEND } } });
    expect(admitted.object.spec).not.toHaveProperty('foo');
  });

  it('answers 400 to a wrong JSON type', () => {
    expect(() => admit(object('Ingress', { spec: { rules: 'all' } }))).toThrow(
      expect.objectContaining({
        status: expect.objectContaining({
          code: 400,
          message:
            'Ingress in version "v1" cannot be handled as a Ingress: json: cannot unmarshal string into Go struct field IngressSpec.spec.rules of type []v1.IngressRule',
        }),
      }),
    );
  });
});

describe('managed fields', () => {
  const context = { manager: 'me', subresource: '', time: TIME };
  const configMap = definition('ConfigMap');

  it('record who created an object, without what the server writes itself', () => {
    const created = provider.trackManager(
      configMap,
      undefined,
      object('ConfigMap', { data: { a: '1' } }, { uid: 'u', labels: { l: '1' } }),
      context,
    );
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Update',
        apiVersion: 'v1',
        time: TIME,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { 'f:l': {} } }, 'f:data': { 'f:a': {} } },
      },
    ]);
  });

  it('pass to the last who wrote a field, and stay as they are when nothing changes', () => {
    const created = provider.trackManager(
      configMap,
      undefined,
      object('ConfigMap', { data: { a: '1', b: '1' } }),
      context,
    );
    const next = { ...created, data: { a: '2', b: '1' } };
    const updated = provider.trackManager(configMap, created, next, { ...context, manager: 'other' });
    const fields = Object.fromEntries(
      (updated.metadata.managedFields ?? []).map((entry) => [entry.manager, entry.fieldsV1]),
    );
    expect(fields).toEqual({ me: { 'f:data': { 'f:b': {} } }, other: { 'f:data': { 'f:a': {} } } });
    const same = provider.trackManager(
      configMap,
      updated,
      { ...updated, metadata: { name: 'x' } },
      { ...context, manager: 'third' },
    );
    expect(same.metadata.managedFields).toBe(updated.metadata.managedFields);
  });

  it('keep the writers of the status apart', () => {
    const ingress = definition('Ingress');
    const status = { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } };
    const created = provider.trackManager(
      ingress,
      undefined,
      object('Ingress', { spec: { defaultBackend: BACKEND }, status: { loadBalancer: {} } }),
      context,
    );
    expect(JSON.stringify(created.metadata.managedFields)).not.toContain('f:status');
    const balanced = provider.trackManager(
      ingress,
      created,
      { ...created, status },
      { ...context, manager: 'lb', subresource: 'status' },
    );
    expect(balanced.metadata.managedFields?.find((entry) => entry.manager === 'lb')).toMatchObject({
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:loadBalancer': { 'f:ingress': {} } } },
    });
  });
});

describe('server-side apply', () => {
  const context = { manager: 'me', subresource: '', time: TIME, force: false };

  it('creates an object with its manager', () => {
    const applied = object('ConfigMap', { data: { a: '1' } });
    expect(provider.serverSideApply(definition('ConfigMap'), undefined, applied, context)).toMatchObject({
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x', managedFields: [{ manager: 'me', operation: 'Apply' }] },
        data: { a: '1' },
      },
    });
  });

  it('ignores an applied status, and through the status all but it', () => {
    const ingress = definition('Ingress');
    const applied = object('Ingress', {
      spec: { defaultBackend: BACKEND },
      status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } },
    });
    const whole = provider.serverSideApply(ingress, undefined, applied, context);
    expect(whole).toMatchObject({ object: { spec: applied.spec } });
    expect('object' in whole && whole.object.status).toBeUndefined();
    const live = object('Ingress', { spec: { rules: [] } });
    const status = provider.serverSideApply(ingress, live, applied, { ...context, subresource: 'status' });
    expect(status).toMatchObject({ object: { spec: { rules: [] }, status: applied.status } });
  });

  it('refuses a field that the kind has not', () => {
    const applied = object('ConfigMap', { dat: {} }, { namespace: 'default' });
    expect(() => provider.serverSideApply(definition('ConfigMap'), undefined, applied, context)).toThrow(
      'failed to create typed patch object (default/x; v1, Kind=ConfigMap): .dat: field not declared in schema',
    );
  });
});

describe('a strategic merge patch', () => {
  const containers = fc.uniqueArray(
    fc.record(
      { name: fc.constantFrom('a', 'b', 'c', 'd'), image: fc.constantFrom('1', '2'), tty: fc.boolean() },
      { requiredKeys: ['name'] },
    ),
    { selector: (container) => container.name },
  );
  const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'));

  it('leaves every field alone that it does not name', () => {
    fc.assert(
      fc.property(containers, containers, labels, labels, (live, patch, liveLabels, patchLabels) => {
        const pod = (list: unknown, labelled: unknown) =>
          object('Pod', { spec: { containers: list } }, { labels: labelled });
        const patched = provider.strategicMergePatch(definition('Pod'), pod(live, liveLabels), {
          metadata: { labels: patchLabels },
          spec: { containers: patch },
        });
        const before = new Map(live.map((container) => [container.name, container]));
        const wanted = new Map(patch.map((container) => [container.name, container]));
        const spec = patched.spec as { containers: { name: string }[] };
        const expected = [...new Set([...before.keys(), ...wanted.keys()])].map((name) => ({
          ...before.get(name),
          ...wanted.get(name),
        }));
        expect(new Set(spec.containers.map((container) => JSON.stringify(sorted(container))))).toEqual(
          new Set(expected.map((container) => JSON.stringify(sorted(container)))),
        );
        expect(patched.metadata.labels).toEqual({ ...liveLabels, ...patchLabels });
      }),
    );
  });

  it('can remove labels', () => {
    const live = object('Pod', {}, { labels: { a: '1', b: '2' } });
    const patched = provider.strategicMergePatch(definition('Pod'), live, { metadata: { labels: { a: null } } });
    expect(patched.metadata).toEqual({ name: 'x', labels: { b: '2' } });
  });
});

function sorted(value: object): unknown {
  return Object.entries(value).sort(([left], [right]) => left.localeCompare(right));
}
