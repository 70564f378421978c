import { type AddressInfo, createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Certificate, CertificateAuthority } from '../certificates.fixture.js';
import { FakeCloud } from '../fake-cloud.fixture.js';
import { TemporaryDirectory } from '../temporary-directory.fixture.js';
import type { TlsSettings } from './tls-files.js';

describe('a cloud over TLS', () => {
  let authority: CertificateAuthority;
  let identity: Certificate;
  let directory: TemporaryDirectory;
  let caFile: string;
  let fake: FakeCloud;
  /** The common name of the client certificate of each request. */
  let clients: string[];

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
    identity = await authority.issue('octavia');
  });

  beforeEach(async () => {
    directory = await TemporaryDirectory.create();
    caFile = await directory.write('ca.crt', authority.certificate);
  });

  afterEach(async () => {
    await fake.stop();
    await directory.remove();
  });

  async function start({ certificate, key }: Certificate, clientCertificates: 'asked for' | 'demanded' = 'asked for') {
    fake = await FakeCloud.start({
      cert: certificate,
      key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: clientCertificates === 'demanded',
    });
    clients = [];
    fake.respond = (_, response) => {
      clients.push((response.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody');
      return { body: { providers: [] } };
    };
  }

  async function failure(tls: TlsSettings): Promise<unknown> {
    const cloud = await fake.open({ tls });
    return cloud.octavia.providers().catch((error: unknown) => error);
  }

  it('is trusted by a private authority, or without looking', async () => {
    await start(identity);
    for (const tls of [{ caFile }, { insecure: true }]) {
      const cloud = await fake.open({ tls });
      expect(await cloud.octavia.providers()).toEqual([]);
    }
  });

  it('is not trusted by itself', async () => {
    await start(identity);
    expect(await failure({})).toMatchObject({
      code: 'ERR_OPENSTACK_CERTIFICATE',
      retryable: true,
      message: expect.stringMatching(
        `no TLS with ${fake.url}: .*: give the authority that signed its certificate as cafile`,
      ),
    });
    expect(fake.logins).toHaveLength(0);
  });

  it('whose certificate has expired is refused at once', async () => {
    await start(await authority.issue('octavia', { notAfter: new Date(Date.now() - 60_000) }));
    const error = await failure({ caFile });
    expect(error).toMatchObject({ code: 'ERR_OPENSTACK_CERTIFICATE', message: expect.stringContaining('expired') });
    expect(String(error)).toContain("renew the service's certificate");
    expect(fake.connections).toBe(1);
  });

  it('whose certificate is for another name is refused', async () => {
    await start(identity);
    const authUrl = fake.url.replace('127.0.0.1', 'localhost');
    const cloud = await fake.open({ authUrl, tls: { caFile } });
    await expect(cloud.keystone.identity()).rejects.toThrow('the certificate is for another name');
  });

  it('is shown our certificate, and the next one when the files are replaced', async () => {
    await start(identity, 'demanded');
    const [alice, bob] = [await authority.issue('alice'), await authority.issue('bob')];
    const certFile = await directory.write('client.pem', `${alice.certificate}\n${alice.key}`);
    const cloud = await fake.open({ tls: { caFile, certFile } });
    await cloud.octavia.providers();
    await directory.write('client.pem', `${bob.certificate}\n${bob.key}\n`);
    await cloud.octavia.providers();
    await cloud.octavia.providers();
    expect(clients).toEqual(['alice', 'bob', 'bob']);
    expect(fake.connections).toBe(2);
  });

  it('that demands a certificate says so', async () => {
    await start(identity, 'demanded');
    expect(await failure({ caFile })).toMatchObject({
      message: expect.stringContaining('the service refuses our client certificate: check certfile and keyfile'),
    });
  });

  it('that speaks plain HTTP is told from one that can not be trusted', async () => {
    fake = await FakeCloud.start();
    const cloud = await fake.open({ authUrl: fake.url.replace('http:', 'https:') });
    await expect(cloud.keystone.identity()).rejects.toThrow('check that this is an https address');
  });

  it('that hangs up in the handshake was not asked anything yet', async () => {
    fake = await FakeCloud.start();
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as AddressInfo;
    const cloud = await fake.open({ authUrl: `https://127.0.0.1:${port}` });
    await expect(cloud.keystone.identity()).rejects.toMatchObject({
      code: 'ERR_OPENSTACK_CONNECTION',
      message: expect.stringMatching(`https://127.0.0.1:${port} can't be reached .*that this address is right`),
    });
    await new Promise((resolve) => rude.close(resolve));
  });

  it('says which file can not be read', async () => {
    await start(identity);
    expect(await failure({ caFile: '/nowhere/ca.crt' })).toMatchObject({
      code: 'ERR_OPENSTACK_CONFIGURATION',
      message: expect.stringContaining("[neutron]: cafile /nowhere/ca.crt can't be read (ENOENT"),
    });
  });
});
