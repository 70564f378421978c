import { describe, expect, it } from '@jest/globals';
import { at, statusOf, TestBackend } from './backend.fixture.js';

const CRDS = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
const WIDGETS = { group: 'example.com', version: 'v1', plural: 'widgets' };
const REFERENCE = at(CRDS, 'widgets.example.com', '');

function withWidgets(): TestBackend {
  const backend = new TestBackend();
  backend.client.create(CRDS, '', {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget', shortNames: ['wi'] },
      versions: [
        { name: 'v1beta1', served: true, storage: false },
        { name: 'v1alpha1', served: false, storage: false },
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
          additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        },
      ],
    },
  });
  return backend;
}

describe('custom resources', () => {
  it('are served in every version that is to be, the stored one first', () => {
    const backend = withWidgets();
    const definitions = backend.registry.definitions.filter(({ group }) => group === 'example.com');
    expect(definitions.map(({ version }) => version)).toEqual(['v1', 'v1beta1']);
    expect(definitions[0]).toMatchObject({
      kind: 'Widget',
      listKind: 'WidgetList',
      singular: 'widget',
      shortNames: ['wi'],
      subresources: ['status', 'scale'],
      custom: { schema: { type: 'object' }, printerColumns: [{ name: 'Size', jsonPath: '.spec.size' }] },
    });
  });

  it('are one object in all versions', () => {
    const { client } = withWidgets();
    client.create(WIDGETS, 'default', { metadata: { name: 'a' }, spec: { size: 3 }, status: { size: 9 } });
    const old = client.get(at({ ...WIDGETS, version: 'v1beta1' }, 'a'));
    expect(old).toMatchObject({ apiVersion: 'example.com/v1beta1', spec: { size: 3 } });
    expect(old.status).toBeUndefined();
  });

  it('are scaled at the paths of their definition', () => {
    const { client } = withWidgets();
    client.create(WIDGETS, 'default', { metadata: { name: 'a' }, spec: { size: 3 } });
    expect(client.get(at(WIDGETS, 'a'), 'scale')).toMatchObject({ spec: { replicas: 3 } });
    client.patch(at(WIDGETS, 'a'), 'merge', { spec: { replicas: 5 } }, { subresource: 'scale' });
    expect(client.get(at(WIDGETS, 'a'))).toMatchObject({ spec: { size: 5 } });
  });

  it('know no strategic merge patch', () => {
    const { client } = withWidgets();
    client.create(WIDGETS, 'default', { metadata: { name: 'a' } });
    expect(statusOf(() => client.patch(at(WIDGETS, 'a'), 'strategic', {})).code).toBe(415);
  });

  it('are established as soon as they are defined', () => {
    const { client } = withWidgets();
    expect(client.get(REFERENCE).status).toMatchObject({
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
      acceptedNames: { kind: 'Widget' },
      storedVersions: ['v1'],
    });
  });

  it('go with their definition, held ones last', () => {
    const { client } = withWidgets();
    client.create(WIDGETS, 'default', { metadata: { name: 'a' } });
    client.create(WIDGETS, 'default', { metadata: { name: 'b', finalizers: ['example.com/hold'] } });
    client.delete(REFERENCE);
    expect(client.list(WIDGETS).items.map(({ metadata }) => metadata.name)).toEqual(['b']);
    client.patch(at(WIDGETS, 'b'), 'merge', { metadata: { finalizers: null } });
    expect(statusOf(() => client.get(REFERENCE)).code).toBe(404);
    expect(statusOf(() => client.list(WIDGETS)).message).toBe('the server could not find the requested resource');
  });
});
