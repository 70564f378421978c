import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  NetworkingV1Api,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { type ApiServer, startApiServer } from './api-server/index.js';
import { createSchemaProvider } from './schema/index.js';

describe('@kubernetes/client-node', () => {
  const config = new KubeConfig();
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer({ schema: createSchemaProvider() });
    config.loadFromString(server.kubeconfig());
  });

  afterAll(() => server.close());

  it('creates, reads, lists, replaces and deletes', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const created = await core.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { name: 'typed', labels: { app: 'x' } }, data: { key: '1' } },
    });
    expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date);
    const replaced = await core.replaceNamespacedConfigMap({
      namespace: 'default',
      name: 'typed',
      body: { ...created, data: { key: '2' } },
    });
    expect(replaced.data).toEqual({ key: '2' });
    const stale = core.replaceNamespacedConfigMap({ namespace: 'default', name: 'typed', body: created });
    await expect(stale).rejects.toMatchObject({ code: 409 });
    const list = await core.listNamespacedConfigMap({ namespace: 'default', labelSelector: 'app=x' });
    expect(list.items.map(({ data }) => data)).toEqual([{ key: '2' }]);
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'typed' });
    await expect(core.readNamespacedConfigMap({ namespace: 'default', name: 'typed' })).rejects.toMatchObject({
      code: 404,
    });
  });

  it('patches, applies, and writes the status', async () => {
    const networking = config.makeApiClient(NetworkingV1Api);
    const place = { namespace: 'default', name: 'web' };
    const applied = await networking.patchNamespacedIngress(
      {
        ...place,
        fieldManager: 'tester',
        body: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: 'web' },
          spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
        },
      },
      setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
    );
    expect(applied.metadata?.managedFields?.[0]).toMatchObject({ manager: 'tester', operation: 'Apply' });
    const status = await networking.patchNamespacedIngressStatus(
      { ...place, body: { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    expect(status.status?.loadBalancer?.ingress?.[0]?.ip).toBe('192.0.2.1');
    const patched = await networking.patchNamespacedIngress({
      ...place,
      body: [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
    });
    expect(patched.metadata?.labels).toEqual({ a: 'b' });
  });

  it('scales', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const place = { namespace: 'default', name: 'web' };
    const labels = { app: 'web' };
    await apps.createNamespacedDeployment({
      namespace: 'default',
      body: {
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
        },
      },
    });
    const scale = await apps.readNamespacedDeploymentScale(place);
    expect(scale.spec?.replicas).toBe(1);
    await apps.replaceNamespacedDeploymentScale({ ...place, body: { ...scale, spec: { replicas: 3 } } });
    expect((await apps.readNamespacedDeployment(place)).spec?.replicas).toBe(3);
  });

  it('watches', async () => {
    const seen: string[] = [];
    let done: () => void = () => undefined;
    const three = new Promise<void>((resolve) => {
      done = resolve;
    });
    const watching = await new Watch(config).watch(
      '/api/v1/namespaces/default/configmaps',
      { fieldSelector: 'metadata.name=watched' },
      (type: string) => {
        seen.push(type);
        if (seen.length === 3) done();
      },
      () => undefined,
    );
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'watched' } } });
    await core.patchNamespacedConfigMap({
      namespace: 'default',
      name: 'watched',
      body: [{ op: 'add', path: '/data', value: { a: 'b' } }],
    });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'watched' });
    await three;
    watching.abort();
    expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  it('works with custom resources', async () => {
    server.client.create({ group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' }, '', {
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget', singular: 'widget' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    const custom = config.makeApiClient(CustomObjectsApi);
    const place = { group: 'example.com', version: 'v1', namespace: 'default', plural: 'widgets' };
    await custom.createNamespacedCustomObject({
      ...place,
      body: { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 3 } },
    });
    expect(await custom.getNamespacedCustomObject({ ...place, name: 'one' })).toMatchObject({
      kind: 'Widget',
      spec: { size: 3 },
    });
  });
});
