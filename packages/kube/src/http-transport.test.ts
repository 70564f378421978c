import type { RequestListener } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Certificate, CertificateAuthority } from './certificates.fixture.js';
import type { CredentialSource, Credentials } from './credentials.js';
import { KubernetesConnectionError, KubernetesResponseError } from './errors.js';
import { FileCredentials } from './file-credentials.js';
import { createTransport, type TransportOptions } from './http-transport.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { TemporaryDirectory } from './temporary-directory.fixture.js';
import { bodyOf, TestServer } from './test-server.fixture.js';

/** Credentials that a test changes. */
class ChangingCredentials implements CredentialSource {
  refreshed = 0;

  constructor(
    public credentials: Credentials,
    private readonly next = credentials,
  ) {}

  async current(): Promise<Credentials> {
    return this.credentials;
  }

  async refresh(): Promise<Credentials> {
    this.refreshed += 1;
    this.credentials = this.next;
    return this.credentials;
  }
}

const ANONYMOUS: Credentials = { tls: {}, headers: {} };

describe('createTransport', () => {
  let server: TestServer;
  let transport: KubernetesTransport;
  let listener: RequestListener;

  async function open(credentials: CredentialSource, options: TransportOptions = {}, path = ''): Promise<void> {
    server = await TestServer.start((request, response) => listener(request, response));
    transport = createTransport({ server: new URL(server.url + path), credentials, origin: 'a test' }, options);
  }

  async function read(stream: AsyncIterable<Uint8Array>): Promise<string> {
    let text = '';
    for await (const chunk of stream) text += Buffer.from(chunk).toString();
    return text;
  }

  const never = new AbortController().signal;

  afterEach(async () => {
    transport.close();
    await server.stop();
  });

  describe('a request', () => {
    it('goes below the path of the API root, with its query, credentials and JSON', async () => {
      const seen: unknown[] = [];
      listener = async (request, response) => {
        const { method, url, headers } = request;
        const { authorization, accept } = headers;
        seen.push({ method, url, authorization, accept, type: headers['content-type'], body: await bodyOf(request) });
        response.end('{"kind":"Service"}');
      };
      const token = { tls: {}, headers: { authorization: 'Bearer abc' } };
      await open(new ChangingCredentials(token), {}, '/k8s/clusters/c-1/');
      const answer = await transport.requestJson('PATCH', '/api/v1/namespaces/shop/services/web', {
        query: { fieldManager: 'kuryr l7', force: true, dryRun: undefined },
        body: { metadata: {} },
        contentType: 'application/merge-patch+json',
      });
      expect(answer).toEqual({ kind: 'Service' });
      expect(seen).toEqual([
        {
          method: 'PATCH',
          url: '/k8s/clusters/c-1/api/v1/namespaces/shop/services/web?fieldManager=kuryr+l7&force=true',
          authorization: 'Bearer abc',
          accept: 'application/json',
          type: 'application/merge-patch+json',
          body: { metadata: {} },
        },
      ]);
    });

    it('that is refused tells why, and how long to wait', async () => {
      listener = (_, response) => {
        response.writeHead(429, { 'retry-after': '4' }).end('{"reason":"TooManyRequests","message":"please wait"}');
      };
      await open(new ChangingCredentials(ANONYMOUS));
      const error = await transport.requestJson('GET', '/api/v1/pods').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KubernetesApiError);
      expect(error).toMatchObject({ status: 429, reason: 'TooManyRequests', retryAfter: 4, retryable: true });
      expect(error).toHaveProperty('message', 'GET /api/v1/pods: 429 TooManyRequests please wait');
    });

    it('that is not answered in JSON says what came', async () => {
      listener = (_, response) => void response.end('<html>');
      await open(new ChangingCredentials(ANONYMOUS));
      const error = await transport.requestJson('GET', '/api').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KubernetesResponseError);
      expect(error).toHaveProperty('message', 'GET /api: the answer is not JSON: "<html>"');
    });

    it.each<[string, RequestListener]>([
      ['that is cut off', (_, response) => void response.write('{', () => response.destroy())],
      ['that is never answered', () => undefined],
    ])('%s is a connection error', async (_, behaviour) => {
      listener = behaviour;
      await open(new ChangingCredentials(ANONYMOUS), { requestTimeout: 50 });
      const error = await transport.requestJson('GET', '/api').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KubernetesConnectionError);
      expect(error).toMatchObject({ code: 'ERR_KUBERNETES_CONNECTION', retryable: true });
      expect(error).toHaveProperty('message', expect.stringContaining(`the API server ${server.url} (a test)`));
    });

    it('to nobody is a connection error', async () => {
      await open(new ChangingCredentials(ANONYMOUS));
      await server.stop();
      await expect(transport.requestJson('GET', '/api')).rejects.toThrow(/ECONNREFUSED/);
      await open(new ChangingCredentials(ANONYMOUS));
    });

    it('rejects with the reason of its abort', async () => {
      const abort = new AbortController();
      listener = () => abort.abort(new Error('not needed any more'));
      await open(new ChangingCredentials(ANONYMOUS));
      const request = transport.requestJson('GET', '/api', { signal: abort.signal });
      await expect(request).rejects.toThrow('not needed any more');
    });

    it('is not retried', async () => {
      let requests = 0;
      listener = (_, response) => {
        requests += 1;
        response.writeHead(503).end();
      };
      await open(new ChangingCredentials(ANONYMOUS));
      await expect(transport.requestJson('GET', '/api')).rejects.toMatchObject({ status: 503 });
      expect(requests).toBe(1);
    });
  });

  describe('a stream', () => {
    it('yields bytes as they come and returns when the server ends it', async () => {
      let write = (_text: string): void => {};
      listener = (_, response) => {
        response.writeHead(200);
        write = (text) => (text === '' ? response.end() : response.write(text));
        write('one');
      };
      await open(new ChangingCredentials(ANONYMOUS));
      const chunks: string[] = [];
      for await (const chunk of transport.stream('/watch', { query: { watch: true }, signal: never })) {
        chunks.push(Buffer.from(chunk).toString());
        write(chunks.length === 1 ? 'two' : '');
      }
      expect(chunks).toEqual(['one', 'two']);
    });

    it('that breaks off is a connection error', async () => {
      listener = (_, response) => void response.write('one', () => response.destroy());
      await open(new ChangingCredentials(ANONYMOUS));
      await expect(read(transport.stream('/watch', { signal: never }))).rejects.toThrow(KubernetesConnectionError);
    });

    it('that is refused tells why', async () => {
      listener = (_, response) => void response.writeHead(410).end('{"code":410,"reason":"Expired"}');
      await open(new ChangingCredentials(ANONYMOUS));
      const refused = read(transport.stream('/watch', { signal: never }));
      await expect(refused).rejects.toMatchObject({ isExpired: true, message: 'GET /watch: 410 Expired' });
    });

    it('rejects with the reason of its abort, before and after the answer began', async () => {
      const early = new AbortController();
      listener = () => early.abort(new Error('early'));
      await open(new ChangingCredentials(ANONYMOUS));
      await expect(read(transport.stream('/watch', { signal: early.signal }))).rejects.toThrow('early');
      const late = new AbortController();
      listener = (_, response) => void response.write('one');
      const aborted = (async () => {
        for await (const _ of transport.stream('/watch', { signal: late.signal })) late.abort(new Error('late'));
      })();
      await expect(aborted).rejects.toThrow('late');
    });

    it('closes its connection when its reader leaves', async () => {
      let closed: Promise<unknown> = Promise.resolve();
      listener = (request, response) => {
        closed = new Promise((resolve) => request.socket.once('close', resolve));
        response.write('one');
      };
      await open(new ChangingCredentials(ANONYMOUS));
      for await (const _ of transport.stream('/watch', { signal: never })) break;
      await closed;
    });
  });

  describe('credentials', () => {
    const [stale, fresh] = ['Bearer stale', 'Bearer fresh'].map((authorization) => ({
      tls: {},
      headers: { authorization },
    }));

    beforeEach(() => {
      listener = (request, response) => {
        const good = request.headers.authorization === 'Bearer fresh';
        response.writeHead(good ? 200 : 401).end(good ? '{}' : '{"reason":"Unauthorized"}');
      };
    });

    it('that the server does not take are refreshed, and the request sent once more', async () => {
      const credentials = new ChangingCredentials(stale ?? ANONYMOUS, fresh);
      await open(credentials);
      expect(await transport.requestJson('GET', '/api')).toEqual({});
      expect(await read(transport.stream('/watch', { signal: never }))).toBe('{}');
      expect(credentials.refreshed).toBe(1);
    });

    it('that stay refused are an error', async () => {
      const credentials = new ChangingCredentials(stale ?? ANONYMOUS);
      await open(credentials);
      await expect(transport.requestJson('GET', '/api')).rejects.toMatchObject({ status: 401, retryable: true });
      await expect(read(transport.stream('/watch', { signal: never }))).rejects.toMatchObject({ status: 401 });
      expect(credentials.refreshed).toBe(2);
    });
  });
});

describe('createTransport over TLS', () => {
  let authority: CertificateAuthority;
  let identity: Certificate;
  let directory: TemporaryDirectory;
  let server: TestServer;
  let transport: KubernetesTransport;
  /** The common name of each client certificate, the token of each request. */
  let clients: string[];

  async function open(files: ConstructorParameters<typeof FileCredentials>[0]): Promise<void> {
    transport = createTransport({
      server: new URL(server.url),
      credentials: new FileCredentials(files),
      origin: 'a test',
    });
  }

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
    identity = await authority.issue('kube-apiserver');
  });

  beforeEach(async () => {
    directory = await TemporaryDirectory.create();
    clients = [];
    server = await TestServer.start(
      (request, response) => {
        const certificate = (request.socket as TLSSocket).getPeerCertificate();
        clients.push([certificate.subject?.CN ?? 'nobody', request.headers.authorization ?? 'no token'].join(', '));
        if (request.url === '/watch') response.write('{}\n');
        else response.end('{"metadata":{"resourceVersion":"1"},"items":[]}');
      },
      {
        cert: identity.certificate,
        key: identity.key,
        ca: authority.certificate,
        requestCert: true,
        rejectUnauthorized: false,
      },
    );
  });

  afterEach(async () => {
    transport.close();
    await server.stop();
    await directory.remove();
  });

  it('sends 200 list calls over one TLS connection', async () => {
    await open({ ca: await directory.write('ca.crt', authority.certificate) });
    for (let call = 0; call < 200; call += 1) await transport.requestJson('GET', '/api/v1/services');
    expect(server.handshakes).toBe(1);
    expect(server.connections).toBe(1);
    expect(clients).toHaveLength(200);
  });

  it('reads a rotated token again and sends it over the same connection', async () => {
    const ca = await directory.write('ca.crt', authority.certificate);
    await open({ ca, token: await directory.write('token', 'first\n') });
    await transport.requestJson('GET', '/api');
    await directory.write('token', 'the second\n');
    await transport.requestJson('GET', '/api');
    expect(clients).toEqual(['nobody, Bearer first', 'nobody, Bearer the second']);
    expect(server.handshakes).toBe(1);
  });

  it('uses a rotated client certificate for new connections; a running watch goes on', async () => {
    const [alice, bob] = [await authority.issue('alice'), await authority.issue('bob')];
    const files = {
      ca: await directory.write('ca.crt', authority.certificate),
      certificate: await directory.write('client.crt', alice.certificate),
      key: await directory.write('client.key', alice.key),
    };
    await open(files);
    await transport.requestJson('GET', '/api');
    const abort = new AbortController();
    const watch = transport.stream('/watch', { signal: abort.signal })[Symbol.asyncIterator]();
    await watch.next();
    await directory.write('client.crt', bob.certificate);
    await directory.write('client.key', bob.key);
    await transport.requestJson('GET', '/api');
    expect(clients).toEqual(['alice, no token', 'alice, no token', 'bob, no token']);
    const ended = watch.next().catch((reason: unknown) => reason);
    expect(await Promise.race([ended, transport.requestJson('GET', '/api').then(() => 'goes on')])).toBe('goes on');
    abort.abort();
    await ended;
  });

  it('refuses a server whose certificate is of another authority', async () => {
    const other = await CertificateAuthority.create();
    await open({ ca: await directory.write('ca.crt', other.certificate) });
    await expect(transport.requestJson('GET', '/api')).rejects.toThrow(KubernetesConnectionError);
    expect(clients).toEqual([]);
  });

  it('does not look at the certificate where ssl_verify_server_crt is off', async () => {
    await open({ verifyServer: false });
    await transport.requestJson('GET', '/api');
    expect(clients).toHaveLength(1);
  });

  it('drops idle connections, not running ones', async () => {
    await open({ verifyServer: false });
    const abort = new AbortController();
    const watch = transport.stream('/watch', { signal: abort.signal })[Symbol.asyncIterator]();
    await watch.next();
    await transport.requestJson('GET', '/api');
    expect(server.connections).toBe(2);
    transport.dropIdleConnections();
    await transport.requestJson('GET', '/api');
    expect(server.connections).toBe(3);
    const ended = watch.next().catch((reason: unknown) => reason);
    transport.close();
    expect(await ended).toBeInstanceOf(KubernetesConnectionError);
  });
});
