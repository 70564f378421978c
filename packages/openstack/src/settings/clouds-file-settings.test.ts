import { homedir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import { TemporaryDirectory } from '../temporary-directory.fixture.js';
import { cloudsFileSettings } from './clouds-file-settings.js';

const MINIMAL = "auth: { auth_url: 'https://keystone.example', user_id: u1, password: x, project_id: p1 }";

describe('clouds.yaml', () => {
  let directory: TemporaryDirectory;

  beforeEach(async () => {
    directory = await TemporaryDirectory.create();
  });

  afterEach(() => directory.remove());

  function read(cloud: string, environment: Record<string, string> = {}) {
    return cloudsFileSettings(cloud, {
      environment,
      directories: [`${directory.path}/first`, `${directory.path}/second`],
    });
  }

  it('describes a cloud', async () => {
    const path = await directory.write(
      'first/clouds.yaml',
      `
clouds:
  shop:
    auth_type: password
    auth:
      auth_url: http://keystone.example:5000/v3
      username: kuryr
      password: x
      tenant_name: 42
      user_domain_name: Default
      project_domain_id: default
    regions: [unused]
    region_name: RegionOne
    interface: internalURL
    identity_api_version: 3
    verify: false
    cacert: ~/ca.crt
    cert: client.crt
    key: client.key
    api_timeout: 30
    load_balancer_endpoint_override: https://octavia.example
`,
    );
    expect(await read('shop')).toEqual({
      origin: `clouds.yaml ${path}, cloud shop`,
      authUrl: 'http://keystone.example:5000/v3',
      authentication: { method: 'password', user: { name: 'kuryr', domain: { name: 'Default' } }, password: 'x' },
      scope: { project: { name: '42', domain: { id: 'default' } } },
      region: 'RegionOne',
      endpointInterface: 'internal',
      endpointOverrides: { 'load-balancer': 'https://octavia.example' },
      tls: { insecure: true, caFile: `${homedir()}/ca.crt`, certFile: 'client.crt', keyFile: 'client.key' },
      requestTimeout: 30_000,
    });
  });

  it('takes its secrets from secure.yaml', async () => {
    await directory.write(
      'second/clouds.yml',
      "clouds: { shop: { auth: { auth_url: 'https://keystone.example', application_credential_id: c1 } } }",
    );
    await directory.write('second/secure.yaml', 'clouds: { shop: { auth: { application_credential_secret: s } } }');
    expect(await read('shop')).toMatchObject({
      authentication: { method: 'application_credential', credential: { id: 'c1' }, secret: 's' },
    });
  });

  it('is the file that OS_CLIENT_CONFIG_FILE names, otherwise the first there is', async () => {
    await directory.write('second/clouds.yaml', `clouds: { shop: { ${MINIMAL}, region_name: second } }`);
    expect(await read('shop')).toHaveProperty('region', 'second');
    await directory.write('first/clouds.yaml', `clouds: { shop: { ${MINIMAL}, region_name: first } }`);
    expect(await read('shop')).toHaveProperty('region', 'first');
    const named = await directory.write('mine.yaml', `clouds: { shop: { ${MINIMAL}, region_name: mine } }`);
    expect(await read('shop', { OS_CLIENT_CONFIG_FILE: named })).toHaveProperty('region', 'mine');
  });

  it('is looked for in the configuration directory of the user', async () => {
    await directory.write('home/.config/openstack/clouds.yaml', `clouds: { shop: { ${MINIMAL}, region_name: home } }`);
    const environment = { HOME: `${directory.path}/home` };
    expect(await cloudsFileSettings('shop', { environment })).toHaveProperty('region', 'home');
  });

  it('that is nowhere is missed, with the places', async () => {
    await expect(read('shop')).rejects.toThrow(
      `no clouds.yaml to be found (looked for ${directory.path}/first/clouds.yaml, ${directory.path}/first/clouds.yml, `,
    );
  });

  it.each([
    ['clouds: there is no cloud shop: use one of a, b', 'clouds: { a: {}, b: {} }'],
    ['clouds: an object of clouds by name was expected', '[]'],
    ['is not YAML', 'clouds: { shop: { auth: { password: "secret-password }'],
    ['cloud shop: auth: an object was expected', 'clouds: { shop: { auth: secret-password } }'],
    ['cloud shop: auth_url is missing', 'clouds: { shop: { } }'],
    ['cloud shop: username: a string was expected', 'clouds: { shop: { auth: { username: [] } } }'],
    ['cloud shop: verify: true or false was expected', `clouds: { shop: { ${MINIMAL}, verify: maybe } }`],
    [
      'cloud shop: api_timeout: a number of seconds was expected',
      `clouds: { shop: { ${MINIMAL}, api_timeout: long } }`,
    ],
    ['cloud shop: interface: public, internal or admin was expected', `clouds: { shop: { ${MINIMAL}, interface: x } }`],
    [
      'cloud shop: network_endpoint_override: a URL was expected',
      `clouds: { shop: { ${MINIMAL}, network_endpoint_override: neutron } }`,
    ],
  ])('says what is wrong: %s', async (message, content) => {
    const path = await directory.write('first/clouds.yaml', content);
    const error = await read('shop').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CloudConfigurationError);
    expect(String(error)).toContain(path);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('secret-password');
  });
});
