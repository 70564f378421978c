import { describe, expect, it } from '@jest/globals';
import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import { BUILT_IN_RESOURCES } from '../../api-server/resources.js';
import { isArray, isObject, type JsonObject, type JsonValue, objectAt } from '../json.js';
import { openApiV2, openApiV3 } from './index.js';

const [INGRESS] = BUILT_IN_RESOURCES.filter((resource) => resource.kind === 'Ingress');
const schemasOf = (document: Record<string, unknown>) =>
  objectAt(objectAt(document as JsonObject, 'components'), 'schemas');

function references(value: JsonValue | undefined): string[] {
  if (isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : references(member),
  );
}

describe('the OpenAPI documents', () => {
  it.each([
    ...new Set(BUILT_IN_RESOURCES.map(({ group, version }) => (group === '' ? version : `${group}/${version}`))),
  ])('of %s refer only to schemas that they have', (groupVersion) => {
    const document = openApiV3(groupVersion, BUILT_IN_RESOURCES);
    const names = new Set(Object.keys(schemasOf(document)).map((name) => `#/components/schemas/${name}`));
    expect(references(document as JsonObject).filter((reference) => !names.has(reference))).toEqual([]);
    expect(names.size).toBeGreaterThan(0);
  });

  it('of version 2 hold every kind', () => {
    const document = openApiV2(BUILT_IN_RESOURCES) as JsonObject;
    const definitions = objectAt(document, 'definitions');
    const names = new Set(Object.keys(definitions).map((name) => `#/definitions/${name}`));
    expect(references(document).filter((reference) => !names.has(reference))).toEqual([]);
    const kinds = Object.values(definitions).flatMap((schema) =>
      isObject(schema) ? (schema['x-kubernetes-group-version-kind'] ?? []) : [],
    );
    expect(kinds).toHaveLength(BUILT_IN_RESOURCES.length);
  });

  it('tell kubectl that the server validates', () => {
    const paths = objectAt(openApiV3('networking.k8s.io/v1', BUILT_IN_RESOURCES) as JsonObject, 'paths');
    const item = objectAt(paths, '/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses/{name}');
    expect(objectAt(item, 'patch')).toMatchObject({
      'x-kubernetes-group-version-kind': { group: 'networking.k8s.io', kind: 'Ingress', version: 'v1' },
      parameters: expect.arrayContaining([expect.objectContaining({ name: 'fieldValidation', in: 'query' })]),
    });
  });

  it('tell how lists are patched and owned', () => {
    const schemas = schemasOf(openApiV3('v1', BUILT_IN_RESOURCES));
    expect(objectAt(objectAt(schemas, 'io.k8s.api.v1.PodSpec'), 'properties')).toMatchObject({
      containers: {
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
        'x-kubernetes-list-map-keys': ['name'],
      },
      volumes: { 'x-kubernetes-patch-strategy': 'merge,retainKeys' },
      tolerations: { 'x-kubernetes-list-type': 'atomic' },
    });
    const apps = schemasOf(openApiV3('apps/v1', BUILT_IN_RESOURCES));
    const deployment = objectAt(objectAt(apps, 'io.k8s.api.v1.DeploymentSpec'), 'properties');
    expect(deployment.strategy).toMatchObject({ 'x-kubernetes-patch-strategy': 'retainKeys' });
  });

  it('hold custom resources with the schema they were given', () => {
    const schema = { type: 'object', properties: { spec: { type: 'object', description: 'What is wanted.' } } };
    const route: ResourceDefinition = {
      ...(INGRESS as ResourceDefinition),
      group: 'example.com',
      kind: 'Route',
      plural: 'routes',
      custom: { schema, printerColumns: [] },
    };
    const schemas = schemasOf(openApiV3('example.com/v1', [...BUILT_IN_RESOURCES, route]));
    expect(schemas['com.example.v1.Route']).toMatchObject({
      properties: { spec: { description: 'What is wanted.' }, metadata: expect.anything(), kind: { type: 'string' } },
      'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Route', version: 'v1' }],
    });
    expect(Object.keys(schemas)).not.toContain('io.k8s.api.v1.Ingress');
  });
});
