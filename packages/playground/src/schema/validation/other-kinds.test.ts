import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.js';
import { causesOf, definition } from './causes.fixture.js';

describe('other kinds', () => {
  it.each<[string, string, JsonObject, JsonObject | undefined, string[]]>([
    [
      'a TLS Secret without its key',
      'Secret',
      { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
      undefined,
      ['data[tls.key]: Required value'],
    ],
    [
      'a Secret that changes its type',
      'Secret',
      { type: 'b' },
      { type: 'a' },
      ['type: Invalid value: "b": field is immutable'],
    ],
    [
      'an immutable Secret',
      'Secret',
      { immutable: true, data: { a: 'Yg==' } },
      { type: 'Opaque', immutable: true },
      ['data: Forbidden: field is immutable when `immutable` is set'],
    ],
    [
      'a key that is no file name',
      'ConfigMap',
      { data: { '..': '' } },
      undefined,
      ['data[..]: Invalid value: "..": must not be \'..\''],
    ],
    [
      'a Lease of no time',
      'Lease',
      { spec: { leaseDurationSeconds: 0 } },
      undefined,
      ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
    ],
    [
      'Endpoints without addresses',
      'Endpoints',
      { subsets: [{ ports: [{ port: 1 }] }] },
      undefined,
      ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
    ],
  ])('%s', (_, kind, object, old, causes) => {
    expect(causesOf(definition(kind), object, old)).toEqual(causes);
  });

  it('an Event says what, when and who', () => {
    const event = definition('Event', 'events.k8s.io');
    const metadata = { name: 'e', namespace: 'default' };
    expect(causesOf(event, { metadata }).map((cause) => cause.split(':')[0])).toEqual([
      'eventTime',
      'reportingController',
      'reportingInstance',
      'action',
      'reason',
      'type',
    ]);
    expect(causesOf(definition('Event', ''), { metadata, involvedObject: { namespace: 'other' } })).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
  });

  it('a CustomResourceDefinition is named by its plural and group, and has a schema', () => {
    const spec = {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'routes', kind: 'Route' },
      versions: [{ name: 'v1', storage: true }],
    };
    expect(causesOf(definition('CustomResourceDefinition'), { metadata: { name: 'x' }, spec })).toEqual([
      'metadata.name: Invalid value: "x": must be spec.names.plural+"."+spec.group',
      'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
    ]);
  });

  it('a custom resource is checked by its own schema', () => {
    const property = (schema: JsonObject) => ({ type: 'object', required: ['r'], properties: { a: schema } });
    const causes = (schema: JsonObject, a: JsonObject[string]) => {
      const custom = {
        ...definition('Ingress'),
        group: 'example.com',
        custom: { schema: property(schema), printerColumns: [] },
      };
      return causesOf(custom, { r: 1, a });
    };
    expect(causes({ type: 'integer' }, 'x')).toEqual([
      'a: Invalid value: "string": a in body must be of type integer: "string"',
    ]);
    expect(causes({ type: 'string', enum: ['x', 'y'] }, 'z')).toEqual([
      'a: Unsupported value: "z": supported values: "x", "y"',
    ]);
    expect(causes({ type: 'string', minLength: 1 }, '')).toEqual([
      'a: Invalid value: "": a in body should be at least 1 chars long',
    ]);
    expect(causes({ type: 'array', items: { type: 'string' } }, [1])).toEqual([
      'a[0]: Invalid value: "number": a[0] in body must be of type string: "number"',
    ]);
    expect(causes({ 'x-kubernetes-int-or-string': true }, '25%')).toEqual([]);
    expect(causes({ 'x-kubernetes-preserve-unknown-fields': true }, { any: ['thing'] })).toEqual([]);
  });
});
