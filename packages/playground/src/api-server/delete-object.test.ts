import { describe, expect, it } from '@jest/globals';
import { at, CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, PODS, statusOf, TestBackend } from './backend.fixture.js';

function runningPod(backend: TestBackend, spec: Record<string, unknown> = {}) {
  return backend.client.create(PODS, 'default', { metadata: { name: 'web' }, spec: { nodeName: 'node', ...spec } });
}

describe('delete', () => {
  it('removes an object that nothing holds, at a resourceVersion of its own', () => {
    const backend = new TestBackend();
    const created = backend.configMap('a');
    const { object, removed } = backend.client.delete(at(CONFIG_MAPS, 'a'));
    expect(removed).toBe(true);
    expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    expect(statusOf(() => backend.client.delete(at(CONFIG_MAPS, 'a'))).message).toBe('configmaps "a" not found');
  });

  it('marks an object that finalizers hold, and removes it with the last of them', () => {
    const backend = new TestBackend();
    backend.configMap('a', { finalizers: ['example.com/hold'] });
    const seen = backend.watchConfigMaps();
    const { object, removed } = backend.client.delete(at(CONFIG_MAPS, 'a'));
    expect(removed).toBe(false);
    expect(object.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
    backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { metadata: { finalizers: null } });
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('lets nobody add a finalizer to what is being deleted', () => {
    const backend = new TestBackend();
    backend.configMap('a', { finalizers: ['example.com/hold'] });
    backend.client.delete(at(CONFIG_MAPS, 'a'));
    const finalizers = ['example.com/hold', 'example.com/late'];
    const status = statusOf(() => backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { metadata: { finalizers } }));
    expect(status.message).toContain('no new finalizers can be added if the object is being deleted');
  });

  it('honours the preconditions', () => {
    const backend = new TestBackend();
    const { metadata } = backend.configMap('a');
    const other = statusOf(() => backend.client.delete(at(CONFIG_MAPS, 'a'), { preconditions: { uid: 'other' } }));
    expect(other).toMatchObject({
      code: 409,
      message: expect.stringContaining('Precondition failed: UID in precondition: other'),
    });
    const stale = statusOf(() =>
      backend.client.delete(at(CONFIG_MAPS, 'a'), { preconditions: { resourceVersion: '1' } }),
    );
    expect(stale.message).toContain('ResourceVersion in precondition: 1');
    const preconditions = { uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '' };
    expect(backend.client.delete(at(CONFIG_MAPS, 'a'), { preconditions }).removed).toBe(true);
  });

  it('removes nothing on a dry run', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    expect(backend.client.delete(at(CONFIG_MAPS, 'a'), { dryRun: true }).removed).toBe(true);
    expect(backend.client.get(at(CONFIG_MAPS, 'a')).metadata.name).toBe('a');
  });

  it.each([
    [{}, {}, 30],
    [{ terminationGracePeriodSeconds: 5 }, {}, 5],
    [{ terminationGracePeriodSeconds: 5 }, { gracePeriodSeconds: 12 }, 12],
  ])('gives a running Pod %j, deleted with %j, %i seconds', (spec, options, seconds) => {
    const backend = new TestBackend();
    runningPod(backend, spec);
    const { object, removed } = backend.client.delete(at(PODS, 'web'), options);
    expect(removed).toBe(false);
    const { deletionGracePeriodSeconds, deletionTimestamp } = object.metadata;
    expect(deletionGracePeriodSeconds).toBe(seconds);
    expect(Date.parse(deletionTimestamp ?? '')).toBe(backend.milliseconds + seconds * 1000);
  });

  it('removes a Pod when its node says so, and one that never ran at once', () => {
    const backend = new TestBackend();
    runningPod(backend);
    backend.client.delete(at(PODS, 'web'));
    expect(backend.client.delete(at(PODS, 'web'), { gracePeriodSeconds: 60 }).removed).toBe(false);
    expect(backend.client.delete(at(PODS, 'web'), { gracePeriodSeconds: 0 }).removed).toBe(true);
    backend.client.create(PODS, 'default', { metadata: { name: 'web' } });
    expect(backend.client.delete(at(PODS, 'web')).removed).toBe(true);
  });

  it.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ] as const)('writes %s propagation into the finalizers', (propagationPolicy, finalizers) => {
    const { client } = new TestBackend();
    client.create(DEPLOYMENTS, 'default', { metadata: { name: 'a' } });
    const { object, removed } = client.delete(at(DEPLOYMENTS, 'a'), { propagationPolicy });
    expect(removed).toBe(false);
    expect(object.metadata.finalizers).toEqual(finalizers);
    expect(object.metadata.generation).toBe(2);
  });

  it('refuses to delete the namespaces of the system', () => {
    const { client } = new TestBackend();
    expect(statusOf(() => client.delete(at(NAMESPACES, 'default', ''))).message).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
  });

  it('tells who deletes a Namespace twice that it is being emptied', () => {
    const { client } = new TestBackend();
    client.create(NAMESPACES, '', { metadata: { name: 'x' } });
    client.delete(at(NAMESPACES, 'x', ''));
    expect(statusOf(() => client.delete(at(NAMESPACES, 'x', '')))).toMatchObject({
      code: 409,
      message: expect.stringContaining('The system is ensuring all content is removed from this namespace'),
    });
  });

  it('deletes a selection', () => {
    const backend = new TestBackend();
    backend.configMap('a', { labels: { app: 'web' } });
    backend.configMap('b');
    const deleted = backend.client.deleteCollection(CONFIG_MAPS, { namespace: 'default', labelSelector: 'app=web' });
    expect(deleted.items.map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(backend.client.list(CONFIG_MAPS).items.map(({ metadata }) => metadata.name)).toEqual(['b']);
  });
});
