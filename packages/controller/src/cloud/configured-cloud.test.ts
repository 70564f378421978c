import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { ConfiguredCloud } from './configured-cloud.js';

let simulator: OpenStackSimulator;
let cloud: ConfiguredCloud;
let texts: Record<string, string | undefined>;

const configuration: Configuration = {
  get<T>({ name, type, default: fallback }: Option<T>): T {
    const text = texts[name];
    return text === undefined ? fallback : type.parse(text);
  },
};

const logins = () => simulator.keystone.traffic.requests.filter(({ method }) => method === 'POST').length;

describe('the cloud that plugins share', () => {
  beforeEach(async () => {
    simulator = await startOpenStackSimulator();
    const { authUrl, applicationCredential } = simulator.facts;
    texts = {
      auth_type: 'v3applicationcredential',
      auth_url: authUrl,
      application_credential_id: applicationCredential.id,
      application_credential_secret: applicationCredential.secret,
    };
    cloud = new ConfiguredCloud(configuration, SILENT_LOGGER);
  });

  afterEach(async () => {
    await cloud.close();
    await simulator.close();
  });

  it('logs in once, whoever asks, also after one has let go of it', async () => {
    const [one, other] = await Promise.all([cloud.open(), cloud.open()]);
    await one.neutron.networks.list();
    one.close();
    await other.octavia.loadBalancers.list();
    await (await cloud.open()).neutron.subnets.list();
    expect(logins()).toBe(1);
  });

  it('is another when [neutron] has changed', async () => {
    const secret = texts.application_credential_secret;
    texts.application_credential_secret = 'wrong';
    await expect((await cloud.open()).neutron.networks.list()).rejects.toThrow(/401/);
    texts.application_credential_secret = secret;
    await expect((await cloud.open()).neutron.networks.list()).resolves.not.toHaveLength(0);
  });

  it('is tried again where it could not be described', async () => {
    const { auth_url: authUrl } = texts;
    texts.auth_url = undefined;
    texts.os_cloud = 'nowhere';
    await expect(cloud.open()).rejects.toMatchObject({ code: 'ERR_OPENSTACK_CONFIGURATION' });
    await expect(cloud.open()).rejects.toMatchObject({ code: 'ERR_OPENSTACK_CONFIGURATION' });
    Object.assign(texts, { auth_url: authUrl, os_cloud: undefined });
    await expect((await cloud.open()).neutron.networks.list()).resolves.toBeDefined();
  });

  it('ends when the controller does', async () => {
    const open = await cloud.open();
    await open.neutron.networks.list();
    await cloud.close();
    await expect(open.neutron.networks.list()).rejects.toThrow(/closed/);
  });
});
