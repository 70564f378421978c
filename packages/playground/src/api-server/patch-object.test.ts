import { describe, expect, it } from '@jest/globals';
import { at, CONFIG_MAPS, DEPLOYMENTS, statusOf, TestBackend } from './backend.fixture.js';

describe('patch', () => {
  it.each([
    ['json', [{ op: 'add', path: '/data', value: { a: '1' } }]],
    ['merge', { data: { a: '1' } }],
    ['strategic', { data: { a: '1' } }],
  ] as const)('by %s patch changes the newest object', (type, patch) => {
    const backend = new TestBackend();
    backend.configMap('a');
    expect(backend.client.patch(at(CONFIG_MAPS, 'a'), type, patch).data).toEqual({ a: '1' });
  });

  it('that names a resourceVersion conflicts when the object has moved on', () => {
    const backend = new TestBackend();
    const { metadata } = backend.configMap('a');
    const patch = { metadata: { resourceVersion: metadata.resourceVersion }, data: { a: '1' } };
    backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', patch);
    expect(statusOf(() => backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { ...patch, data: {} })).code).toBe(409);
  });

  it('can not rename an object', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    expect(statusOf(() => backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { metadata: { name: 'b' } })).code).toBe(
      400,
    );
  });

  it('is refused when the schema finds no sense in it', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    const status = statusOf(() => backend.client.patch(at(CONFIG_MAPS, 'a'), 'strategic', { $patch: 'nonsense' }));
    expect(status).toMatchObject({ code: 400, message: 'unknown $patch directive' });
  });

  it('may not force unless it applies', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    const status = statusOf(() => backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', {}, { force: true }));
    expect(status.message).toContain('force: Forbidden: may not be specified for non-apply patch');
  });
});

describe('server-side apply', () => {
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } };

  it('creates what is not there and says so', () => {
    const { client } = new TestBackend();
    const first = client.patchOrCreate(at(CONFIG_MAPS, 'a'), 'apply', applied, { fieldManager: 'me' });
    expect(first).toMatchObject({ created: true, object: { data: { a: '1' }, metadata: { namespace: 'default' } } });
    const second = client.patchOrCreate(at(CONFIG_MAPS, 'a'), 'apply', applied, { fieldManager: 'me' });
    expect(second.created).toBe(false);
    expect(second.object.metadata.resourceVersion).toBe(first.object.metadata.resourceVersion);
  });

  it('reports conflicts with other managers, and takes over by force', () => {
    const { client } = new TestBackend();
    client.create(CONFIG_MAPS, 'default', applied, { fieldManager: 'you' });
    const apply = (force: boolean) =>
      client.patch(at(CONFIG_MAPS, 'a'), 'apply', applied, { fieldManager: 'me', force });
    expect(statusOf(() => apply(false))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "you" using v1: .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }] },
    });
    expect(apply(true).metadata.managedFields?.[0]?.manager).toBe('me');
  });

  it('needs a manager and no managedFields', () => {
    const { client } = new TestBackend();
    const apply = (object: unknown, fieldManager = '') =>
      statusOf(() => client.patch(at(CONFIG_MAPS, 'a'), 'apply', object, { fieldManager })).message;
    expect(apply(applied)).toContain('fieldManager: Required value: is required for apply patch');
    expect(apply({ ...applied, metadata: { managedFields: [] } }, 'me')).toBe('metadata.managedFields must be nil');
  });

  it('of a part needs the object', () => {
    const { client } = new TestBackend();
    const status = statusOf(() =>
      client.patch(at(DEPLOYMENTS, 'a'), 'apply', { status: {} }, { fieldManager: 'me', subresource: 'status' }),
    );
    expect(status.message).toBe('deployments.apps "a" not found');
  });
});
