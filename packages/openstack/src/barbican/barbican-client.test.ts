import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeCloud, type Respond } from '../fake-cloud.fixture.js';
import type { BarbicanClient } from './barbican-client.js';

const REFERENCE = 'https://barbican.example:9311/v1/secrets/s1';

describe('Barbican', () => {
  let fake: FakeCloud;
  let barbican: BarbicanClient;

  async function start(respond: Respond): Promise<void> {
    fake = await FakeCloud.start();
    ({ barbican } = await fake.open());
    fake.respond = respond;
  }

  afterEach(() => fake.stop());

  const requests = () =>
    fake.seen.map(({ method, path, query }) => `${method} ${path.replace('/barbican/v1', '')}${query}`);

  it('stores a PKCS#12 bundle in base64, and text as it is', async () => {
    await start(() => ({ status: 201, body: { secret_ref: REFERENCE } }));
    expect(await barbican.secrets.create({ name: 'tls', payload: new Uint8Array([48, 130, 255]) })).toBe(REFERENCE);
    await barbican.secrets.create({ secret_type: 'passphrase', payload: 'text' });
    expect(fake.seen.map(({ body }) => body)).toEqual([
      {
        name: 'tls',
        secret_type: 'opaque',
        payload: 'MIL/',
        payload_content_type: 'application/octet-stream',
        payload_content_encoding: 'base64',
      },
      { secret_type: 'passphrase', payload: 'text', payload_content_type: 'text/plain' },
    ]);
  });

  it('gives a payload in its own media type', async () => {
    await start(({ path }) =>
      path.endsWith('/payload')
        ? { body: Buffer.from([48, 130, 255]) }
        : { body: { secret_ref: REFERENCE, content_types: { default: 'application/octet-stream' } } },
    );
    expect([...(await barbican.secrets.payload(REFERENCE))]).toEqual([48, 130, 255]);
    expect(requests()).toEqual(['GET /secrets/s1', 'GET /secrets/s1/payload']);
    expect(fake.seen.map(({ headers }) => headers.accept)).toEqual(['application/json', 'application/octet-stream']);
  });

  it('lists all secrets of a name, a hundred at a time', async () => {
    const secret = { secret_ref: REFERENCE, name: 'tls', status: 'ACTIVE' };
    await start(({ query }) => ({
      body: query.includes('offset=0')
        ? { secrets: [secret, secret], next: 'http://x/?offset=2' }
        : { secrets: [secret] },
    }));
    expect(await barbican.secrets.list({ name: 'tls' })).toHaveLength(3);
    expect(requests()).toEqual([
      'GET /secrets?limit=100&name=tls&offset=0',
      'GET /secrets?limit=100&name=tls&offset=2',
    ]);
  });

  it('reads and deletes by reference or id', async () => {
    await start(({ method }) => (method === 'GET' ? { body: { secret_ref: REFERENCE } } : { status: 204 }));
    expect(await barbican.secrets.get(REFERENCE)).toMatchObject({
      id: 's1',
      secret_ref: REFERENCE,
      content_type: null,
    });
    await barbican.secrets.delete('s1');
    await barbican.secrets.delete(`${REFERENCE}/`);
    expect(requests()).toEqual(['GET /secrets/s1', 'DELETE /secrets/s1', 'DELETE /secrets/s1']);
  });

  it('says who may read', async () => {
    await start(({ method, path }) => {
      if (method === 'PUT') return { body: { acl_ref: REFERENCE } };
      return { body: path.includes('s1') ? { read: { users: ['u1'], 'project-access': false } } : {} };
    });
    expect(await barbican.secrets.accessList(REFERENCE)).toEqual({ users: ['u1'], 'project-access': false });
    expect(await barbican.secrets.accessList('s2')).toEqual({ users: [], 'project-access': true });
    await barbican.containers.setAccessList('c1', { users: ['u1'], 'project-access': true });
    expect(requests()).toEqual(['GET /secrets/s1/acl', 'GET /secrets/s2/acl', 'PUT /containers/c1/acl']);
    expect(fake.seen[2]?.body).toEqual({ read: { users: ['u1'], 'project-access': true } });
  });

  it('has containers of secrets', async () => {
    const container = {
      container_ref: 'https://barbican.example/v1/containers/c1',
      type: 'certificate',
      secret_refs: [{ name: 'private_key', secret_ref: REFERENCE }],
    };
    await start(() => ({ body: { ...container, containers: [container] } }));
    expect(await barbican.containers.create({ type: 'certificate', secret_refs: container.secret_refs })).toBe(
      container.container_ref,
    );
    expect(await barbican.containers.get('c1')).toMatchObject({ id: 'c1', secret_refs: container.secret_refs });
    expect(await barbican.containers.list()).toHaveLength(1);
    await barbican.containers.delete('c1');
    expect(requests().slice(2)).toEqual(['GET /containers?limit=100&offset=0', 'DELETE /containers/c1']);
  });

  it('never quotes what it could not read, which may be a secret', async () => {
    await start(() => ({ body: Buffer.from('-----BEGIN PRIVATE KEY-----') }));
    const error = await barbican.secrets.get('s1').catch((reason: unknown) => reason);
    expect(String(error)).toContain('Barbican GET /v1/secrets/s1 (req-1): the answer is not JSON (27 bytes)');
    expect(String(error)).not.toContain('PRIVATE');
  });
});
