import { chmod, rename } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubernetesConfigurationError, KubernetesCredentialsError } from './errors.js';
import { FakeClock, settle } from './fake-clock.js';
import { kubeconfigConnection } from './kubeconfig.js';
import { TemporaryDirectory } from './temporary-directory.fixture.js';

describe('kubeconfigConnection', () => {
  let directory: TemporaryDirectory;
  let clock: FakeClock;

  beforeEach(async () => {
    directory = await TemporaryDirectory.create();
    clock = new FakeClock();
  });

  afterEach(() => directory.remove());

  function write(user: object, options: { name?: string; file?: string; cluster?: object } = {}): Promise<string> {
    const { name = 'main', file = 'config', cluster = {} } = options;
    return directory.write(
      file,
      JSON.stringify({
        clusters: [{ name, cluster: { server: `https://${name}:6443`, ...cluster } }],
        users: [{ name, user }],
        contexts: [{ name, context: { cluster: name, user: name, namespace: 'shop' } }],
        'current-context': name,
      }),
    );
  }

  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  it('has the server, certificates and token of the current context', async () => {
    const user = { token: 'abc', 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') };
    const file = await write(user, {
      cluster: { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kubernetes.default' },
    });
    const connection = await kubeconfigConnection([file]);
    expect(connection.server.href).toBe('https://main:6443/');
    expect(connection).toMatchObject({ namespace: 'shop', origin: `kubeconfig ${file}, context main` });
    expect(await connection.credentials.current()).toEqual({
      tls: {
        ca: Buffer.from('CA'),
        cert: Buffer.from('CERT'),
        key: Buffer.from('KEY'),
        servername: 'kubernetes.default',
      },
      headers: { authorization: 'Bearer abc' },
    });
  });

  it('knows user names and passwords, impersonation, and servers that are not verified', async () => {
    const file = await write(
      { username: 'admin', password: 'secret', as: 'kuryr' },
      { cluster: { 'insecure-skip-tls-verify': true } },
    );
    const { credentials } = await kubeconfigConnection([file]);
    expect(await credentials.current()).toEqual({
      tls: { rejectUnauthorized: false },
      headers: { authorization: `Basic ${base64('admin:secret')}`, 'impersonate-user': 'kuryr' },
    });
  });

  it('talks plain HTTP to a server that does, and through a proxy where there is one', async () => {
    const plain = await write({}, { file: 'plain', cluster: { server: 'http://localhost:8001' } });
    expect(await (await kubeconfigConnection([plain])).credentials.current()).toMatchObject({ headers: {} });
    const proxied = await write({}, { file: 'proxied', cluster: { 'proxy-url': 'http://proxy:3128' } });
    expect(await (await kubeconfigConnection([proxied])).credentials.current()).toHaveProperty('proxyAgent');
  });

  it('merges several files, the first that names a thing winning, and passes over missing ones', async () => {
    const first = await write({ token: 'first' }, { file: 'first' });
    const second = await write({ token: 'second' }, { file: 'second' });
    const third = await write({ token: 'third' }, { file: 'third', name: 'other' });
    const files = [`${directory.path}/missing`, first, second, third];
    const connection = await kubeconfigConnection(files);
    expect((await connection.credentials.current()).headers).toEqual({ authorization: 'Bearer first' });
    const other = await kubeconfigConnection(files, 'other');
    expect(other.server.host).toBe('other:6443');
  });

  it('names the contexts there are when asked for another', async () => {
    const file = await write({});
    const error = await kubeconfigConnection([file], 'production').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KubernetesConfigurationError);
    expect(error).toHaveProperty('message', expect.stringContaining('context production: there is no such context'));
    expect(error).toHaveProperty('message', expect.stringContaining('contexts: main'));
  });

  it('reads a changed file again, and keeps what it had while the file is broken', async () => {
    const file = await write({ token: 'first' });
    const { credentials } = await kubeconfigConnection([file], undefined, clock);
    const first = await credentials.current();
    expect(await credentials.current()).toBe(first);
    await directory.write('config', '{');
    expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer first' });
    await rename(await write({ token: 'second' }, { file: 'new' }), file);
    expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer second' });
  });

  it('reads a certificate file again after a minute', async () => {
    const certificate = await directory.write('client.crt', 'ONE');
    const file = await write({ 'client-certificate': certificate });
    const { credentials } = await kubeconfigConnection([file], undefined, clock);
    await credentials.current();
    await directory.write('client.crt', 'TWO');
    await clock.advance(60_000);
    expect((await credentials.current()).tls.cert).toEqual(Buffer.from('TWO'));
  });

  describe('with a credential plugin', () => {
    /** A plugin that counts its calls in its tokens. */
    async function plugin(body: string): Promise<string> {
      const script = await directory.write('plugin', `#!/bin/sh\necho x >> ${directory.path}/calls\n${body}\n`);
      await chmod(script, 0o755);
      return write({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: script, args: [] } });
    }

    const answer = `printf '{"status":{"token":"token-%d"}}' $(wc -l < "$(dirname "$0")/calls")`;

    it('asks it once a minute where it tells no expiry, not for each request', async () => {
      const { credentials } = await kubeconfigConnection([await plugin(answer)], undefined, clock);
      expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer token-1' });
      expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer token-1' });
      await clock.advance(60_000);
      expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer token-2' });
    });

    it('asks it at once when the server does not take what it gave, however long that should last', async () => {
      const lasting = answer.replace('"token-%d"', '"token-%d","expirationTimestamp":"2999-01-01T00:00:00Z"');
      const { credentials } = await kubeconfigConnection([await plugin(lasting)], undefined, clock);
      const first = await credentials.current();
      expect((await credentials.refresh(first)).headers).toEqual({ authorization: 'Bearer token-2' });
    });

    it('asks it once for all requests that wait or were refused', async () => {
      const { credentials } = await kubeconfigConnection([await plugin(answer)], undefined, clock);
      const [first, same] = await Promise.all([credentials.current(), credentials.current()]);
      expect(same).toBe(first);
      const refreshed = await Promise.all([credentials.refresh(first), credentials.refresh(first)]);
      const late = await credentials.refresh(first);
      for (const { headers } of [...refreshed, late]) expect(headers).toEqual({ authorization: 'Bearer token-2' });
    });

    it('does not wait for it for ever', async () => {
      const { credentials } = await kubeconfigConnection(
        [await plugin('while [ -e "$0" ]; do sleep 0.02; done')],
        undefined,
        clock,
      );
      const refused = expect(credentials.current()).rejects.toThrow('the credential plugin did not answer in 30 s');
      await clock.advance(0);
      while (clock.pending === 0) await settle();
      await clock.advance(30_000);
      await refused;
    });

    it('says what it complained of', async () => {
      const { credentials } = await kubeconfigConnection([await plugin('echo please log in >&2; exit 1')]);
      const error = await credentials.current().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KubernetesCredentialsError);
      expect(error).toHaveProperty('message', expect.stringContaining('no credentials: please log in'));
    });
  });
});
