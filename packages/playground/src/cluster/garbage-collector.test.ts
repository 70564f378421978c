import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiObject, DeleteOptions } from '../api-server/index.js';
import { deployment, startTestCluster, type TestCluster, until } from '../embedded-cluster.fixture.js';
import { NAMESPACES } from './kinds/namespace.js';
import { PODS } from './kinds/pod.js';
import type { Resource } from './kinds/resource.js';
import { DEPLOYMENTS, REPLICA_SETS } from './kinds/workload.js';

const CONFIG_MAPS: Resource<ApiObject> = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
const WIDGETS: Resource<ApiObject> = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' };
const CRDS: Resource<ApiObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
};

describe('garbage collection', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(async () => {
    await cluster.close();
    expect(cluster.problems).toEqual([]);
  });

  const configMap = (name: string, owners: readonly ApiObject[] = [], blockOwnerDeletion = true) =>
    cluster.client.create(CONFIG_MAPS, 'default', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
          apiVersion,
          kind,
          name: metadata.name,
          uid: metadata.uid,
          blockOwnerDeletion,
        })),
      },
    });
  const remove = (name: string, options: DeleteOptions) =>
    cluster.client.delete({ ...CONFIG_MAPS, namespace: 'default', name }, options);
  const names = (prefix: string) => (all: readonly ApiObject[]) =>
    all.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(prefix));
  const left = (prefix: string, expected: readonly string[]) =>
    until(cluster.client, CONFIG_MAPS, (all) => names(prefix)(all).join() === expected.join());

  it('deletes what an owner leaves, down to the last', async () => {
    const owner = configMap('back-owner');
    const child = configMap('back-child', [owner]);
    configMap('back-grandchild', [child]);
    remove('back-owner', { propagationPolicy: 'Background' });
    await left('back-', []);
  });

  it('keeps what another owner still wants', async () => {
    const owners = [configMap('two-a'), configMap('two-b')];
    configMap('two-child', owners);
    remove('two-a', {});
    const all = await until(cluster.client, CONFIG_MAPS, (maps) =>
      maps.some(({ metadata }) => metadata.name === 'two-child' && metadata.ownerReferences?.length === 1),
    );
    expect(names('two-')(all)).toEqual(['two-b', 'two-child']);
  });

  it('deletes dependents before the owner in the foreground', async () => {
    const gone: string[] = [];
    const stop = cluster.client.watch(CONFIG_MAPS, { resourceVersion: '' }, ({ type, object }) => {
      if (type === 'DELETED' && object.metadata.name.startsWith('fore-')) gone.push(object.metadata.name);
    });
    const owner = configMap('fore-owner');
    configMap('fore-child', [owner]);
    remove('fore-owner', { propagationPolicy: 'Foreground' });
    await left('fore-', []);
    stop();
    expect(gone).toEqual(['fore-child', 'fore-owner']);
  });

  it('leaves orphans alone', async () => {
    const owner = configMap('orphan-owner');
    configMap('orphan-child', [owner]);
    remove('orphan-owner', { propagationPolicy: 'Orphan' });
    const all = await left('orphan-', ['orphan-child']);
    expect(all.find(({ metadata }) => metadata.name === 'orphan-child')?.metadata.ownerReferences ?? []).toEqual([]);
  });

  it('deletes what names an owner that was never there', async () => {
    configMap('lost-child', [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'nobody', uid: 'no-such-uid' } },
    ]);
    await left('lost-', []);
  });

  it('takes the Pods of a Deployment with it', async () => {
    cluster.client.create(DEPLOYMENTS, 'default', deployment('gone', 3));
    await until(cluster.client, PODS, (pods) => pods.filter((pod) => pod.status?.phase === 'Running').length === 3);
    cluster.client.delete({ ...DEPLOYMENTS, namespace: 'default', name: 'gone' }, { propagationPolicy: 'Background' });
    await until(cluster.client, REPLICA_SETS, (sets) => sets.length === 0);
    await until(cluster.client, PODS, (pods) => pods.length === 0);
  });

  it('knows custom resources', async () => {
    cluster.client.create(CRDS, '', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    const owner = cluster.client.create(WIDGETS, 'default', {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'owner' },
    });
    configMap('custom-child', [owner]);
    cluster.client.delete({ ...WIDGETS, namespace: 'default', name: 'owner' });
    await left('custom-', []);
  });
});

describe('Namespaces', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(async () => {
    await cluster.close();
    expect(cluster.problems).toEqual([]);
  });

  it('are emptied before they go, Pods included', async () => {
    const reference = { ...NAMESPACES, namespace: '', name: 'shop' };
    cluster.client.create(NAMESPACES, '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    cluster.client.create(DEPLOYMENTS, 'shop', deployment('web', 2));
    await until(cluster.client, PODS, (pods) => pods.filter((pod) => pod.status?.phase === 'Running').length === 2, {
      namespace: 'shop',
    });
    cluster.client.delete(reference);
    await until(cluster.client, NAMESPACES, (all) => all.every(({ metadata }) => metadata.name !== 'shop'), {});
    for (const resource of [PODS, DEPLOYMENTS, REPLICA_SETS]) {
      expect(cluster.client.list(resource, { namespace: 'shop' }).items).toEqual([]);
    }
  });

  it('have a ServiceAccount, also after it was deleted', async () => {
    const accounts: Resource<ApiObject> = {
      group: '',
      version: 'v1',
      plural: 'serviceaccounts',
      kind: 'ServiceAccount',
    };
    const [first] = await until(cluster.client, accounts, (all) => all.length === 1);
    cluster.client.delete({ ...accounts, namespace: 'default', name: 'default' });
    await until(cluster.client, accounts, ([one]) => one !== undefined && one.metadata.uid !== first?.metadata.uid);
  });
});
