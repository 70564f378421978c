import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from './connect.js';
import { KubernetesConfigurationError, KubernetesCredentialsError } from './errors.js';
import { TemporaryDirectory } from './temporary-directory.fixture.js';

describe('connect', () => {
  let directory: TemporaryDirectory;
  let environment: Record<string, string>;
  let serviceAccountDirectory: string;

  beforeEach(async () => {
    directory = await TemporaryDirectory.create();
    environment = { HOME: directory.path };
    serviceAccountDirectory = join(directory.path, 'serviceaccount');
  });

  afterEach(() => directory.remove());

  function kubeconfig(name: string, server: string): Promise<string> {
    const config = {
      clusters: [{ name, cluster: { server } }],
      users: [{ name, user: { token: `token of ${name}` } }],
      contexts: [{ name, context: { cluster: name, user: name, namespace: `namespace-${name}` } }],
      'current-context': name,
    };
    return directory.write(`${name}.json`, JSON.stringify(config));
  }

  async function serviceAccount(): Promise<void> {
    await mkdir(serviceAccountDirectory);
    await directory.write('serviceaccount/token', 'pod token\n');
    await directory.write('serviceaccount/ca.crt', 'pod ca');
    await directory.write('serviceaccount/namespace', 'kuryr');
  }

  const find = (options: Parameters<typeof connect>[0] = {}) =>
    connect({ environment, serviceAccountDirectory, ...options });

  it('uses the service account of the Pod', async () => {
    await serviceAccount();
    environment.KUBERNETES_SERVICE_HOST = '10.96.0.1';
    environment.KUBERNETES_SERVICE_PORT = '6443';
    const connection = await find();
    expect(connection).toMatchObject({ origin: 'in-cluster', namespace: 'kuryr' });
    expect(connection.server.href).toBe('https://10.96.0.1:6443/');
    expect(await connection.credentials.current()).toEqual({
      tls: { ca: Buffer.from('pod ca'), rejectUnauthorized: true },
      headers: { authorization: 'Bearer pod token' },
    });
  });

  it('writes an IPv6 address of the cluster as a URL does', async () => {
    await serviceAccount();
    environment.KUBERNETES_SERVICE_HOST = 'fd00::1';
    expect((await find()).server.href).toBe('https://[fd00::1]/');
  });

  it("uses Kuryr's options", async () => {
    const connection = await find({
      apiRoot: 'https://10.0.0.10:6443',
      tokenFile: await directory.write('token', 'abc'),
      sslCaCrtFile: await directory.write('ca.crt', 'CA'),
      sslClientCrtFile: await directory.write('client.crt', 'CERT'),
      sslClientKeyFile: await directory.write('client.key', 'KEY'),
      sslVerifyServerCrt: false,
    });
    expect(connection.server.href).toBe('https://10.0.0.10:6443/');
    expect(await connection.credentials.current()).toEqual({
      tls: { ca: Buffer.from('CA'), cert: Buffer.from('CERT'), key: Buffer.from('KEY'), rejectUnauthorized: false },
      headers: { authorization: 'Bearer abc' },
    });
  });

  it("takes the service account's files where api_root comes alone, as Kuryr does, and verifies", async () => {
    await serviceAccount();
    const connection = await find({ apiRoot: 'https://10.0.0.10:6443', tokenFile: '', sslCaCrtFile: '' });
    expect(await connection.credentials.current()).toEqual({
      tls: { ca: Buffer.from('pod ca'), rejectUnauthorized: true },
      headers: { authorization: 'Bearer pod token' },
    });
  });

  it('reads no file where there is none by default', async () => {
    const connection = await find({ apiRoot: 'http://localhost:8080' });
    expect(await connection.credentials.current()).toEqual({ tls: { rejectUnauthorized: true }, headers: {} });
  });

  it('prefers an explicit kubeconfig, then api_root, then $KUBECONFIG, then the Pod, then ~/.kube/config', async () => {
    await serviceAccount();
    await mkdir(join(directory.path, '.kube'));
    await directory.write(
      '.kube/config',
      JSON.stringify({
        clusters: [{ name: 'home', cluster: { server: 'https://home' } }],
        contexts: [{ name: 'home', context: { cluster: 'home', user: 'home' } }],
        users: [{ name: 'home' }],
        'current-context': 'home',
      }),
    );
    environment.KUBECONFIG = await kubeconfig('environment', 'https://environment');
    environment.KUBERNETES_SERVICE_HOST = 'pod';
    const options = { kubeconfig: await kubeconfig('file', 'https://file'), apiRoot: 'https://api-root' };
    const hosts: string[] = [];
    hosts.push((await find(options)).server.host);
    hosts.push((await find({ apiRoot: options.apiRoot })).server.host);
    hosts.push((await find()).server.host);
    delete environment.KUBECONFIG;
    hosts.push((await find()).server.host);
    delete environment.KUBERNETES_SERVICE_HOST;
    hosts.push((await find()).server.host);
    expect(hosts).toEqual(['file', 'api-root', 'environment', 'pod', 'home']);
  });

  it.each([
    [
      'nothing to be found',
      {},
      /no Kubernetes API server to be found: set \[kubernetes\] kubeconfig \(in the environment OS_KUBERNETES__KUBECONFIG\)/,
    ],
    ['an api_root that is no URL', { apiRoot: '10.0.0.10' }, /api_root: 10\.0\.0\.10 is not a URL/],
    ['an api_root of another protocol', { apiRoot: 'ftp://10.0.0.10' }, /is no http or https URL/],
    [
      'a client certificate without its key',
      { apiRoot: 'https://a', sslClientCrtFile: '/client.crt' },
      /ssl_client_crt_file is set without ssl_client_key_file: set both, or neither/,
    ],
    [
      'a kubeconfig that is not there',
      { kubeconfig: '/no/such/file' },
      /kubeconfig \/no\/such\/file can't be read: ENOENT/,
    ],
  ])('refuses %s', async (_, options, message) => {
    const error = await find(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KubernetesConfigurationError);
    expect(error).toMatchObject({ code: 'ERR_KUBERNETES_CONFIGURATION', retryable: false });
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  it.each([
    ['a kubeconfig', { kubeconfig: '/no/such/file' }, 'kubeconfig'],
    ['a context of it', { context: 'production' }, 'context'],
    ['something else', { apiRoot: '10.0.0.10' }, undefined],
  ])('tells a program that what is wrong is %s', async (_, options, concerns) => {
    const given = { kubeconfig: 'context' in options ? await kubeconfig('main', 'https://main') : '', ...options };
    await expect(find(given)).rejects.toHaveProperty('concerns', concerns);
  });

  it('refuses a token_file that is not there, naming it', async () => {
    const error = await find({ apiRoot: 'https://a', tokenFile: '/no/token' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KubernetesCredentialsError);
    expect(error).toMatchObject({ code: 'ERR_KUBERNETES_CREDENTIALS', retryable: true });
    expect(error).toHaveProperty('message', expect.stringContaining('token_file /no/token: ENOENT'));
  });
});
