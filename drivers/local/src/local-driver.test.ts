import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Configuration, ConfigurationError, type L7RouterDriver, type Option, TOKENS } from '@kuryr-l7/plugin';
import { Container } from 'inversify';
import { selfSignedCertificate } from './certificate.js';
import plugin from './index.js';
import { NEVER } from './local-router.fixture.js';

/** The driver as the controller makes it, with these texts as in kuryr.conf. */
function driver(texts: Record<string, string>): L7RouterDriver {
  const container = new Container();
  const configuration: Configuration = {
    get<T>({ name, type, default: fallback }: Option<T>): T {
      const text = texts[name];
      return text === undefined ? fallback : type.parse(text);
    },
  };
  container.bind(TOKENS.configuration).toConstantValue(configuration);
  container.bind(TOKENS.logger).toConstantValue({ debug() {}, info() {}, warn() {}, error() {} });
  container.bind(plugin.driver).toSelf();
  return container.get(plugin.driver);
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-driver-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function files(): Promise<{ tls_certificate_file: string; tls_key_file: string }> {
  const { certificate, key } = await selfSignedCertificate(['web.example']);
  const paths = { tls_certificate_file: join(directory, 'tls.crt'), tls_key_file: join(directory, 'tls.key') };
  await writeFile(paths.tls_certificate_file, certificate);
  await writeFile(paths.tls_key_file, key);
  return paths;
}

describe('the local driver', () => {
  it('is a plugin named local', () => {
    expect(plugin).toMatchObject({ type: 'l7-router-driver', name: 'local', pluginApi: 1 });
    expect(driver({}).name).toBe('local');
  });

  it('has options that say what they are, with defaults that can be read back', () => {
    for (const option of plugin.options ?? []) {
      expect(option.group).toBe('local_router');
      expect(option.help).toMatch(/^[A-Z].*\.$/s);
      expect(option.type.parse(option.type.format(option.default))).toEqual(option.default);
    }
  });

  it('opens a router as kuryr.conf says', async () => {
    const opened = await driver({
      bind_address: '127.0.0.1',
      http_port: '0',
      https_port: '0',
      ...(await files()),
    }).open(NEVER);
    expect(opened.description.listeners.map(({ protocol }) => protocol)).toEqual(['HTTP', 'TERMINATED_HTTPS']);
    await opened.close();
  });

  it('refuses an address that is none', () => {
    const option = plugin.options?.find(({ name }) => name === 'bind_address');
    expect(() => option?.type.parse('localhost')).toThrow('"localhost" is not an IPv4 or IPv6 address');
  });

  it('says that certificate and key go together', async () => {
    const { tls_key_file } = await files();
    const opening = driver({ http_port: '0', https_port: '0', tls_key_file }).open(NEVER);
    await expect(opening).rejects.toThrow(/tls_certificate_file and tls_key_file go together/);
  });

  it("says which file can't be read", async () => {
    const paths = { ...(await files()), tls_key_file: join(directory, 'missing') };
    const opening = driver({ http_port: '0', https_port: '0', ...paths }).open(NEVER);
    await expect(opening).rejects.toBeInstanceOf(ConfigurationError);
    await expect(opening).rejects.toThrow(/tls_key_file can't be read \(.*ENOENT/);
  });

  it("says that the key is another certificate's", async () => {
    const paths = await files();
    await writeFile(paths.tls_key_file, (await selfSignedCertificate(['other.example'])).key);
    await expect(driver({ http_port: '0', https_port: '0', ...paths }).open(NEVER)).rejects.toThrow(
      /is not the key of/,
    );
  });

  it('closes what it has opened when it is called off', async () => {
    await expect(driver({ http_port: '0' }).open(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
