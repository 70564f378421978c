import { describe, expect, it } from '@jest/globals';
import { at, CONFIG_MAPS, INGRESSES, NAMESPACES, PODS, statusOf, TestBackend } from './backend.fixture.js';

describe('create', () => {
  it('fills in what only the server knows', () => {
    const backend = new TestBackend();
    const sent = {
      metadata: { name: 'a', uid: 'mine', creationTimestamp: '2000-01-01T00:00:00Z', deletionTimestamp: 'x' },
    };
    const created = backend.client.create(INGRESSES, 'default', sent);
    expect(created).toMatchObject({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'a', namespace: 'default', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
      status: { loadBalancer: {} },
    });
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.metadata.deletionTimestamp).toBeUndefined();
    expect(backend.client.get(at(INGRESSES, 'a'))).toEqual(created);
  });

  it('begins with the status of the kind, whatever was sent', () => {
    const { client } = new TestBackend();
    const created = client.create(PODS, 'default', { metadata: { name: 'a' }, status: { phase: 'Running' } });
    expect(created.status).toEqual({ phase: 'Pending' });
  });

  it('makes a name from generateName', () => {
    const { client } = new TestBackend();
    const names = [1, 2, 3].map(
      () => client.create(PODS, 'default', { metadata: { generateName: 'web-' } }).metadata.name,
    );
    for (const name of names) expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(new Set(names).size).toBe(3);
  });

  it('refuses an object that is there', () => {
    const backend = new TestBackend();
    backend.client.create(INGRESSES, 'default', { metadata: { name: 'a' } });
    expect(statusOf(() => backend.client.create(INGRESSES, 'default', { metadata: { name: 'a' } }))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'ingresses.networking.k8s.io "a" already exists',
      details: { name: 'a', group: 'networking.k8s.io', kind: 'ingresses' },
    });
  });

  it('refuses a namespace that is not there or goes away', () => {
    const backend = new TestBackend();
    expect(statusOf(() => backend.client.create(PODS, 'nope', { metadata: { name: 'a' } }))).toMatchObject({
      code: 404,
      message: 'namespaces "nope" not found',
    });
    backend.client.create(NAMESPACES, '', { metadata: { name: 'going' } });
    backend.client.delete(at(NAMESPACES, 'going', ''));
    expect(statusOf(() => backend.client.create(PODS, 'going', { metadata: { name: 'a' } }))).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: 'pods "a" is forbidden: unable to create new content in namespace going because it is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating' }] },
    });
  });

  it.each([
    [{}, 422, 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'],
    [
      { name: 'Upper' },
      422,
      /^ConfigMap "Upper" is invalid: metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain/,
    ],
    [
      { name: 'a', namespace: 'other' },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [{ name: 'a', resourceVersion: '5' }, 400, 'resourceVersion should not be set on objects to be created'],
    [{ name: 7 }, 400, /metadata.name must be a string/],
    [
      { name: 'a', labels: { 'not a key': 'x' } },
      422,
      /metadata.labels: Invalid value: "not a key": name part must consist/,
    ],
    [
      { name: 'a', labels: { key: 'no spaces' } },
      422,
      /metadata.labels: Invalid value: "no spaces": a valid label must be/,
    ],
    [
      { name: 'a', labels: { 'Bad_/key': 'x' } },
      422,
      /metadata.labels: Invalid value: "Bad_\/key": prefix part a lowercase RFC 1123 subdomain .* regex used/,
    ],
    [{ name: 'a', annotations: { key: 5 } }, 422, /metadata.annotations.key: Invalid value: 5: must be of type string/],
    [
      { name: 'a', ownerReferences: [{ kind: 'X' }] },
      422,
      /metadata.ownerReferences\[0\].uid: Invalid value: "": uid must not be empty/,
    ],
    [{ name: 'a', finalizers: ['no spaces here'] }, 422, /metadata.finalizers: Invalid value/],
    [
      { name: 'a', annotations: { 'test/admit': 'invalid' } },
      422,
      'ConfigMap "a" is invalid: spec.foo: Invalid value: "x": is wrong',
    ],
  ])('refuses the metadata %j', (metadata, code, message) => {
    const { client } = new TestBackend();
    const status = statusOf(() => client.create(CONFIG_MAPS, 'default', { metadata }));
    expect(status.code).toBe(code);
    expect(status.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('names every wrong field in the causes', () => {
    const { client } = new TestBackend();
    const metadata = { name: 'A', labels: { a: 'b c' }, annotations: { 'test/admit': 'invalid' } };
    const { details } = statusOf(() => client.create(INGRESSES, 'default', { metadata }));
    expect(details?.kind).toBe('Ingress');
    expect(details?.causes?.map(({ field }) => field)).toEqual(['metadata.name', 'metadata.labels', 'spec.foo']);
  });

  it.each([
    [{ kind: 'Pod', metadata: { name: 'a' } }, /Pod in version .* cannot be handled as a ConfigMap/],
    [
      { apiVersion: 'v2', metadata: { name: 'a' } },
      'the API version in the data (v2) does not match the expected API version (v1)',
    ],
    ['text', /not a JSON object/],
    [{ metadata: [] }, /metadata must be an object/],
  ])('refuses %j, which is no ConfigMap', (sent, message) => {
    const { client } = new TestBackend();
    const status = statusOf(() => client.create(CONFIG_MAPS, 'default', sent));
    expect(status.code).toBe(400);
    expect(status.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('fills in defaults, warns, and lets hooks complete the object', () => {
    const backend = new TestBackend();
    backend.admissionHooks.push((_definition, object, old) =>
      old === undefined ? { ...object, hooked: true } : object,
    );
    const warnings: string[] = [];
    const admit = (name: string, wish: string) =>
      backend.client.create(
        CONFIG_MAPS,
        'default',
        { metadata: { name, annotations: { 'test/admit': wish } } },
        { onWarning: (text) => warnings.push(text) },
      );
    expect(admit('a', 'default')).toMatchObject({ data: { defaulted: 'yes' }, hooked: true });
    admit('b', 'warn');
    expect(warnings).toEqual(['a "quoted" warning']);
  });

  it('refuses unknown fields when field validation is strict', () => {
    const { client } = new TestBackend();
    const sent = { metadata: { name: 'a', annotations: { 'test/admit': 'unknown-field' } } };
    const status = statusOf(() => client.create(CONFIG_MAPS, 'default', sent, { fieldValidation: 'Strict' }));
    expect(status.code).toBe(400);
    expect(status.message).toContain('strict decoding error: unknown field "spec.foo"');
  });

  it('stores nothing on a dry run', () => {
    const backend = new TestBackend();
    const before = backend.storage.revision;
    const created = backend.client.create(CONFIG_MAPS, 'default', { metadata: { name: 'a' } }, { dryRun: true });
    expect(created.metadata.uid).toBeDefined();
    expect(backend.storage.revision).toBe(before);
    expect(statusOf(() => backend.client.get(at(CONFIG_MAPS, 'a'))).code).toBe(404);
  });

  it('shares nothing with the object that was passed in', () => {
    const backend = new TestBackend();
    const sent = { metadata: { name: 'a' }, data: { key: 'before' } };
    backend.client.create(CONFIG_MAPS, 'default', sent);
    sent.data.key = 'after';
    expect(backend.client.get(at(CONFIG_MAPS, 'a')).data).toEqual({ key: 'before' });
  });

  it('leaves empty fields of the metadata out, as Go does', () => {
    const { client } = new TestBackend();
    const metadata = { name: 'a', labels: {}, annotations: null, finalizers: [], generateName: '' };
    const created = client.create(CONFIG_MAPS, 'default', { metadata });
    expect(Object.keys(created.metadata).sort()).toEqual([
      'creationTimestamp',
      'managedFields',
      'name',
      'namespace',
      'resourceVersion',
      'uid',
    ]);
  });

  it('records the manager of the fields', () => {
    const { client } = new TestBackend();
    const created = client.create(CONFIG_MAPS, 'default', { metadata: { name: 'a' } }, { fieldManager: 'tester' });
    expect(created.metadata.managedFields?.[0]).toMatchObject({ manager: 'tester', time: '2026-01-01T00:00:00Z' });
  });

  it('labels a Namespace with its name and holds it until it is emptied', () => {
    const { client } = new TestBackend();
    const namespace = client.create(NAMESPACES, '', { metadata: { name: 'x' } });
    expect(namespace).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });
});
