import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Configuration, Option } from '@kuryr-l7/config';
import { TemporaryDirectory } from '../temporary-directory.fixture.js';
import { configuredSettings } from './configured-settings.js';
import { OPENSTACK_OPTIONS } from './openstack-options.js';

/** A kuryr.conf with these texts in `[neutron]`. */
function configuration(texts: Readonly<Record<string, string>>): Configuration {
  return {
    get<T>(option: Option<T>): T {
      const text = texts[option.name];
      return text === undefined ? option.default : option.type.parse(text);
    },
  };
}

const complete = {
  auth_type: 'v3applicationcredential',
  auth_url: 'https://keystone.example:5000/v3',
  application_credential_id: 'c1',
  application_credential_secret: 's',
};

describe('[neutron] of kuryr.conf', () => {
  it('describes a cloud', async () => {
    expect(await configuredSettings(configuration(complete))).toEqual({
      origin: '[neutron]',
      authUrl: 'https://keystone.example:5000/v3',
      authentication: { method: 'application_credential', credential: { id: 'c1' }, secret: 's' },
      endpointInterface: 'public',
      endpointOverrides: {},
      tls: { insecure: false },
    });
  });

  it('chooses region, interface, addresses, certificates and time-out', async () => {
    const settings = await configuredSettings(
      configuration({
        ...complete,
        region_name: 'RegionOne',
        endpoint_type: 'internal',
        load_balancer_endpoint_override: 'https://octavia.example',
        network_endpoint_override: 'https://neutron.example',
        key_manager_endpoint_override: 'https://barbican.example',
        cafile: 'ca.crt',
        certfile: 'client.crt',
        keyfile: 'client.key',
        insecure: 'True',
        timeout: '2.5',
      }),
    );
    expect(settings).toMatchObject({
      region: 'RegionOne',
      endpointInterface: 'internal',
      endpointOverrides: {
        'load-balancer': 'https://octavia.example',
        network: 'https://neutron.example',
        'key-manager': 'https://barbican.example',
      },
      tls: { caFile: 'ca.crt', certFile: 'client.crt', keyFile: 'client.key', insecure: true },
      requestTimeout: 2500,
    });
  });

  it('that says nothing of a cloud is missed', async () => {
    await expect(configuredSettings(configuration({}), { environment: {} })).rejects.toThrow(
      '[neutron] does not say how to reach OpenStack: set auth_url and the credentials, or os_cloud',
    );
  });

  it('does not read credentials from another section', async () => {
    const settings = configuredSettings(configuration({ ...complete, auth_section: 'keystone' }));
    await expect(settings).rejects.toThrow('[neutron]: auth_section is not supported');
  });

  it('keeps its secrets secret', () => {
    const secrets = OPENSTACK_OPTIONS.filter(({ secret }) => secret === true).map(({ name }) => name);
    expect(secrets).toEqual(['password', 'token', 'application_credential_secret']);
  });

  describe('that names a cloud of clouds.yaml', () => {
    let directory: TemporaryDirectory;

    beforeEach(async () => {
      directory = await TemporaryDirectory.create();
      await directory.write(
        'clouds.yaml',
        `clouds:
          one:
            auth: { auth_url: 'https://keystone.example', user_id: u1, password: x, project_id: p1 }
            region_name: RegionOne
            interface: internal
            network_endpoint_override: https://neutron.example`,
      );
    });

    afterEach(() => directory.remove());

    it('may leave that to the environment variable OS_CLOUD', async () => {
      const search = { environment: { OS_CLOUD: 'one' }, directories: [directory.path] };
      expect(await configuredSettings(configuration({}), search)).toHaveProperty('region', 'RegionOne');
      expect(await configuredSettings(configuration(complete), search)).toHaveProperty('origin', '[neutron]');
    });

    it('takes everything from there, but what it says itself of region, interface and addresses', async () => {
      const search = { environment: {}, directories: [directory.path] };
      const own = {
        os_cloud: 'one',
        region_name: 'RegionTwo',
        load_balancer_endpoint_override: 'https://octavia.example',
      };
      expect(await configuredSettings(configuration(own), search)).toMatchObject({
        origin: `clouds.yaml ${directory.path}/clouds.yaml, cloud one`,
        authUrl: 'https://keystone.example',
        region: 'RegionTwo',
        endpointInterface: 'internal',
        endpointOverrides: { network: 'https://neutron.example', 'load-balancer': 'https://octavia.example' },
      });
    });
  });
});
