import { describe, expect, it } from '@jest/globals';
import { at, CONFIG_MAPS, DEPLOYMENTS, INGRESSES, NAMESPACES, statusOf, TestBackend } from './backend.fixture.js';

const CONFLICT =
  'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again';

describe('update', () => {
  it('replaces the object at its newest resourceVersion and refuses an older one', () => {
    const backend = new TestBackend();
    const first = backend.configMap('a', { data: { key: '1' } });
    const second = backend.client.update(at(CONFIG_MAPS, 'a'), { ...first, data: { key: '2' } });
    expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
    expect(second.metadata).toMatchObject({
      uid: first.metadata.uid,
      creationTimestamp: first.metadata.creationTimestamp,
    });
    expect(statusOf(() => backend.client.update(at(CONFIG_MAPS, 'a'), { ...first, data: { key: '3' } }))).toMatchObject(
      {
        code: 409,
        reason: 'Conflict',
        message: CONFLICT,
      },
    );
    expect(backend.client.get(at(CONFIG_MAPS, 'a')).data).toEqual({ key: '2' });
  });

  it('takes an update without a resourceVersion, but not for a Lease', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    expect(backend.client.update(at(CONFIG_MAPS, 'a'), { data: { key: '2' } }).data).toEqual({ key: '2' });
    const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
    backend.client.create(leases, 'default', { metadata: { name: 'a' } });
    const status = statusOf(() => backend.client.update(at(leases, 'a'), {}));
    expect(status.message).toContain('metadata.resourceVersion: Invalid value: 0: must be specified for an update');
  });

  it('refuses an object that is another one by its uid', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    const status = statusOf(() => backend.client.update(at(CONFIG_MAPS, 'a'), { metadata: { uid: 'other' } }));
    expect(status).toMatchObject({ code: 409, message: expect.stringContaining('UID in precondition: other') });
  });

  it('refuses what is not there, and another name than that of the address', () => {
    const backend = new TestBackend();
    expect(statusOf(() => backend.client.update(at(CONFIG_MAPS, 'a'), {})).message).toBe('configmaps "a" not found');
    backend.configMap('a');
    const status = statusOf(() => backend.client.update(at(CONFIG_MAPS, 'a'), { metadata: { name: 'b' } }));
    expect(status.message).toBe('the name of the object (b) does not match the name on the URL (a)');
  });

  it('writes nothing when nothing changes', () => {
    const backend = new TestBackend();
    const first = backend.configMap('a', { data: { key: '1' } });
    backend.milliseconds += 5000;
    const second = backend.client.update(at(CONFIG_MAPS, 'a'), { metadata: {}, data: { key: '1' } });
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('counts a generation for a changed specification only', () => {
    const { client } = new TestBackend();
    const created = client.create(INGRESSES, 'default', { metadata: { name: 'a' }, spec: { a: 1 } });
    const labelled = client.patch(at(INGRESSES, 'a'), 'merge', { metadata: { labels: { x: 'y' } } });
    const changed = client.patch(at(INGRESSES, 'a'), 'merge', { spec: { a: 2 } });
    const status = client.patch(
      at(INGRESSES, 'a'),
      'merge',
      { status: { loadBalancer: { ingress: [] } } },
      { subresource: 'status' },
    );
    expect([created, labelled, changed, status].map(({ metadata }) => metadata.generation)).toEqual([1, 1, 2, 2]);
  });

  it('keeps status and specification apart', () => {
    const { client } = new TestBackend();
    client.create(DEPLOYMENTS, 'default', { metadata: { name: 'a' }, spec: { replicas: 1 } });
    const main = client.patch(at(DEPLOYMENTS, 'a'), 'merge', { spec: { replicas: 2 }, status: { replicas: 9 } });
    expect(main).toMatchObject({ spec: { replicas: 2 }, status: {} });
    const patch = { metadata: { labels: { x: 'y' } }, spec: { replicas: 5 }, status: { replicas: 2 } };
    const status = client.patch(at(DEPLOYMENTS, 'a'), 'merge', patch, { subresource: 'status' });
    expect(status).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 2 } });
    expect(status.metadata.labels).toBeUndefined();
  });

  it('ignores what clients send of the fields that are the server’s', () => {
    const backend = new TestBackend();
    const first = backend.configMap('a');
    const changed = backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', {
      metadata: { creationTimestamp: null, deletionTimestamp: '2026-01-01T00:00:00Z', generation: 7 },
      data: { x: 'y' },
    });
    expect(changed.metadata.creationTimestamp).toBe(first.metadata.creationTimestamp);
    expect(changed.metadata.deletionTimestamp).toBeUndefined();
    expect(changed.metadata.generation).toBeUndefined();
  });

  it('stores nothing on a dry run', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    const dry = backend.client.update(at(CONFIG_MAPS, 'a'), { data: { key: '2' } }, { dryRun: true });
    expect(dry.data).toEqual({ key: '2' });
    expect(backend.client.get(at(CONFIG_MAPS, 'a')).data).toBeUndefined();
  });

  it('empties a Namespace’s finalizers only through its finalize subresource, and removes it then', () => {
    const { client } = new TestBackend();
    client.create(NAMESPACES, '', { metadata: { name: 'x' } });
    const reference = at(NAMESPACES, 'x', '');
    expect(client.patch(reference, 'merge', { spec: { finalizers: [] } }).spec).toEqual({ finalizers: ['kubernetes'] });
    expect(client.delete(reference)).toMatchObject({ removed: false, object: { status: { phase: 'Terminating' } } });
    client.update(reference, { spec: { finalizers: [] } }, { subresource: 'finalize' });
    expect(statusOf(() => client.get(reference)).code).toBe(404);
  });
});
