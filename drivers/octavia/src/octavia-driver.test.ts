import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { type Configuration, ConfigurationError, type L7RouterDriver, type Option, TOKENS } from '@kuryr-l7/plugin';
import { Container } from 'inversify';
import { certificateFor } from './certificates.fixture.js';
import plugin from './index.js';
import { NEVER, SimulatedCloud } from './simulated-cloud.fixture.js';

let there: SimulatedCloud;
let directory: string;
const clouds: Cloud[] = [];
beforeEach(async () => {
  there = await SimulatedCloud.start();
  directory = await mkdtemp(join(tmpdir(), 'octavia-driver-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
  for (const cloud of clouds.splice(0)) cloud.close();
  await there.stop();
});

/** The driver as the controller makes it, with kuryr.conf of the simulated cloud and these texts. */
function driver(texts: Record<string, string> = {}): L7RouterDriver {
  const { applicationCredential, authUrl } = there.simulator.facts;
  const all: Record<string, string> = {
    auth_type: 'v3applicationcredential',
    auth_url: authUrl,
    application_credential_id: applicationCredential.id,
    application_credential_secret: applicationCredential.secret,
    l7_router_uuid: there.id,
    cluster_id: 'test',
    ...texts,
  };
  const configuration: Configuration = {
    get<T>({ name, type, default: fallback }: Option<T>): T {
      const text = all[name];
      return text === undefined ? fallback : type.parse(text);
    },
  };
  const container = new Container();
  container.bind(TOKENS.configuration).toConstantValue(configuration);
  container.bind(TOKENS.cloud).toConstantValue({
    async open() {
      const cloud = await openCloud(configuration);
      clouds.push(cloud);
      return cloud;
    },
  });
  container.bind(TOKENS.logger).toConstantValue({ debug() {}, info() {}, warn() {}, error() {} });
  container.bind(plugin.driver).toSelf();
  return container.get(plugin.driver);
}

describe('the octavia driver', () => {
  it('is a plugin named octavia', () => {
    expect(plugin).toMatchObject({ type: 'l7-router-driver', name: 'octavia', pluginApi: 1 });
    expect(driver().name).toBe('octavia');
  });

  it('has options that say what they are, with defaults that can be read back', () => {
    for (const option of plugin.options ?? []) {
      expect(option.help).toMatch(/^[A-Z].*\.$/s);
      expect(option.type.parse(option.type.format(option.default))).toEqual(option.default);
    }
  });

  it('opens the load balancer that kuryr.conf names', async () => {
    const router = await driver({ not_found_pool: 'kuryr-l7-not-found' }).open(NEVER);
    expect(router.description).toMatchObject({ id: there.id, name: 'web' });
    expect(router.capabilities.notFoundPool).toBe('not-found');
    await router.close();
  });

  it('takes a floating IP where it is told to', async () => {
    const router = await driver({ ensure_floating_ip: 'True', external_svc_net: 'external' }).open(NEVER);
    expect(router.description.addresses).toEqual([{ ip: expect.stringMatching(/^203\.0\.113\./) }]);
    await router.close();
  });

  it('gives the certificate in a file to a TERMINATED_HTTPS listener', async () => {
    const { certificate, key } = await certificateFor('a.example');
    const files = { tls_certificate_file: join(directory, 'tls.crt'), tls_key_file: join(directory, 'tls.key') };
    await writeFile(files.tls_certificate_file, certificate);
    await writeFile(files.tls_key_file, key);
    const settings = { hsts_max_age: '600', tls_versions: 'TLSv1.2,TLSv1.3', alpn_protocols: 'h2,http/1.1' };
    const router = await driver({ ...files, ...settings }).open(NEVER);
    expect(router.description.listeners.map((listener) => listener.key)).toEqual(['HTTP:80', 'TERMINATED_HTTPS:443']);
    const [listener] = await there.cloud.octavia.listeners.list({ protocol: 'TERMINATED_HTTPS' });
    expect(listener).toMatchObject({
      hsts_max_age: 600,
      tls_versions: ['TLSv1.2', 'TLSv1.3'],
      alpn_protocols: ['h2', 'http/1.1'],
    });
    await router.close();
  });

  it('tells how pools balance and are checked, for those who want pools', async () => {
    const monitor = { health_monitor: 'HTTP', health_monitor_delay: '10', health_monitor_url_path: '/healthz' };
    const router = await driver({ ...monitor, lb_algorithm: 'LEAST_CONNECTIONS' }).open(NEVER);
    expect(router.capabilities.poolDefaults).toEqual({
      lbAlgorithm: 'LEAST_CONNECTIONS',
      healthMonitor: { type: 'HTTP', delay: 10, timeout: 3, maxRetries: 1, maxRetriesDown: 3, urlPath: '/healthz' },
    });
    const ofServices = await driver({ lb_algorithm: 'SOURCE_IP_PORT', health_monitor: 'TCP' }).open(NEVER);
    expect(ofServices.capabilities.poolDefaults).toEqual({
      healthMonitor: { type: 'TCP', delay: 5, timeout: 3, maxRetries: 1, maxRetriesDown: 3 },
    });
    await router.close();
    await ofServices.close();
  });

  it.each([
    ['no UUID', { l7_router_uuid: '' }, /\[ingress\] l7_router_uuid is not set.*router create/],
    ['a name for the UUID', { l7_router_uuid: 'web' }, /l7_router_uuid = web is not a UUID.*show -c id -f value web/],
    ['a floating IP from nowhere', { ensure_floating_ip: 'True' }, /needs \[neutron_defaults\] external_svc_net/],
    ['half of a certificate', { tls_key_file: '/nowhere/tls.key' }, /go together/],
    [
      'a certificate that is not there',
      { tls_key_file: '/nowhere/tls.key', tls_certificate_file: '/nowhere/tls.crt' },
      /tls_certificate_file can't be read \(.*ENOENT/,
    ],
    ['ciphers with configuration in them', { tls_ciphers: 'HIGH no-sslv3' }, /tls_ciphers .* without white space/],
    ['a header that can not be inserted', { insert_headers: 'X-Real-IP' }, /insert_headers: X-Real-IP is none of/],
    ['a session cookie without a name', { session_persistence: 'APP_COOKIE' }, /needs session_cookie_name/],
    [
      'a check that takes longer than the next one',
      { health_monitor: 'TCP', health_monitor_delay: '2' },
      /\[octavia\] health_monitor: its timeout of 3 s is longer than its delay of 2 s/,
    ],
    [
      'the path of a check with configuration in it',
      { health_monitor: 'HTTP', health_monitor_url_path: '/a b' },
      /\[octavia\] health_monitor: its path has to begin with/,
    ],
  ])('tells what is wrong in kuryr.conf: %s', async (_name, texts: Record<string, string>, reason) => {
    const opening = driver(texts).open(NEVER);
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(reason);
  });

  it('tells that the credentials are wrong', async () => {
    const opening = driver({ application_credential_secret: 'wrong' }).open(NEVER);
    await expect(opening).rejects.toMatchObject({ code: 'ERR_ROUTER_UNAVAILABLE' });
    await expect(opening).rejects.toThrow(
      /Keystone at .* does not let application credential .* in: check names, domains and secret/,
    );
  });

  it('tells that the region is not there', async () => {
    await expect(driver({ region_name: 'Atlantis' }).open(NEVER)).rejects.toThrow(/Atlantis/);
  });

  it('tells that Keystone can not be reached', async () => {
    const opening = driver({ auth_url: 'http://127.0.0.1:1/v3' }).open(NEVER);
    await expect(opening).rejects.toMatchObject({ code: 'ERR_ROUTER_TEMPORARY', retryable: true });
    await expect(opening).rejects.toThrow(/127\.0\.0\.1:1/);
  });
});
