import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeCloud, PASSWORD } from '../fake-cloud.fixture.js';
import type { CloudSettings } from '../settings/cloud-settings.js';

describe('a session at Keystone', () => {
  let fake: FakeCloud;

  beforeEach(async () => {
    fake = await FakeCloud.start();
    fake.respond = () => ({ body: { providers: [] } });
  });

  afterEach(() => fake.stop());

  async function sent(settings: Partial<CloudSettings>): Promise<unknown> {
    await (await fake.open(settings)).keystone.identity();
    return fake.logins.at(-1)?.body;
  }

  const user = { name: 'kuryr', domain: { name: 'Default' } };
  const project = { id: 'p1' };

  it.each<[string, Partial<CloudSettings>, unknown]>([
    [
      'a password, by names',
      {},
      {
        identity: { methods: ['password'], password: { user: { ...user, password: PASSWORD } } },
        scope: { project: { name: 'service', domain: { id: 'default' } } },
      },
    ],
    [
      'a password, by ids',
      { authentication: { method: 'password', user: { id: 'u1' }, password: 'x' }, scope: { project } },
      { identity: { methods: ['password'], password: { user: { id: 'u1', password: 'x' } } }, scope: { project } },
    ],
    [
      'a token, for a domain',
      { authentication: { method: 'token', token: 't' }, scope: { domain: { name: 'Default' } } },
      { identity: { methods: ['token'], token: { id: 't' } }, scope: { domain: { name: 'Default' } } },
    ],
    [
      'a token, for the system',
      { authentication: { method: 'token', token: 't' }, scope: { system: 'all' } },
      { identity: { methods: ['token'], token: { id: 't' } }, scope: { system: { all: true } } },
    ],
    [
      'a token, for a trust',
      { authentication: { method: 'token', token: 't' }, scope: { trust: 'x' } },
      { identity: { methods: ['token'], token: { id: 't' } }, scope: { 'OS-TRUST:trust': { id: 'x' } } },
    ],
  ])('logs in with %s', async (_, settings, auth) => {
    expect(await sent(settings)).toEqual({ auth });
  });

  it.each<[string, CloudSettings['authentication'] & { method: 'application_credential' }, unknown]>([
    ['id', { method: 'application_credential', credential: { id: 'c1' }, secret: 's' }, { id: 'c1', secret: 's' }],
    [
      'name and user',
      { method: 'application_credential', credential: { name: 'c', user }, secret: 's' },
      { name: 'c', user, secret: 's' },
    ],
  ])(
    'logs in with an application credential by %s, which has its scope',
    async (_, authentication, application_credential) => {
      const body = await sent({ authentication });
      const identity = { methods: ['application_credential'], application_credential };
      expect(body).toEqual({ auth: { identity } });
    },
  );

  it.each(['/identity', '/identity/', '/identity/v3', '/identity/v3/', '/identity/v2.0'])(
    'finds Keystone v3 at auth_url %s',
    async (path) => {
      await sent({ authUrl: fake.url + path });
      expect(fake.logins[0]?.path).toBe('/identity/v3/auth/tokens');
    },
  );

  it('tells who we are', async () => {
    const { keystone } = await fake.open();
    expect(await keystone.identity()).toEqual({
      userId: 'u1',
      userName: 'kuryr',
      projectId: 'p1',
      projectName: 'service',
      roles: ['load-balancer_member', 'member', 'creator'],
    });
  });

  it('gives the addresses of services without their versions, those of the settings first', async () => {
    const { keystone } = await fake.open({ endpointOverrides: { network: 'https://neutron.example/v2.0/' } });
    expect((await keystone.endpoint('load-balancer')).href).toBe(`${fake.url}/octavia`);
    expect((await keystone.endpoint('key-manager')).href).toBe(`${fake.url}/barbican`);
    expect((await keystone.endpoint('network')).href).toBe('https://neutron.example/');
  });

  it.each([
    ['an hour, two minutes before its end', 3_600_000, 3_480_000],
    ['a minute, a quarter before its end', 60_000, 45_000],
  ])('renews a token of %s', async (_, lifetime, renewal) => {
    fake.tokenLifetime = lifetime;
    const cloud = await fake.open();
    await cloud.octavia.providers();
    await fake.clock.advance(renewal - 1);
    await cloud.octavia.providers();
    await fake.clock.advance(1);
    await cloud.octavia.providers();
    expect(fake.seen.map(({ headers }) => headers['x-auth-token'])).toEqual(['token-1', 'token-1', 'token-2']);
  });

  it('tries again while Keystone fails', async () => {
    fake.login = () => (fake.logins.length < 3 ? { status: 503 } : fake.token());
    await (await fake.open()).keystone.identity();
    expect(fake.clock.delays).toEqual([500, 1000]);
  });

  it('that is refused says who was refused, and what to look at', async () => {
    fake.login = () => ({
      status: 401,
      body: { error: { message: 'The request you have made requires authentication.' } },
    });
    const error = await (await fake.open()).octavia.providers().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_OPENSTACK_UNAUTHORIZED', requestId: 'req-1' });
    expect(error).toHaveProperty(
      'message',
      `Keystone POST /identity/v3/auth/tokens: 401 The request you have made requires authentication. (req-1): Keystone at ${fake.url} does not let user kuryr of domain Default, project service of domain default in: check names, domains and secret in [neutron], and that none is disabled or expired`,
    );
    expect(fake.logins).toHaveLength(1);
  });

  it('works again, with no restart, when the credentials do', async () => {
    fake.login = () => ({ status: 401 });
    const cloud = await fake.open();
    await expect(cloud.octavia.providers()).rejects.toThrow(/Keystone at .* does not let/);
    fake.login = () => fake.token();
    expect(await cloud.octavia.providers()).toEqual([]);
  });

  it('says when there is no Keystone v3 at auth_url', async () => {
    fake.login = () => ({ status: 404 });
    const error = await (await fake.open()).keystone.identity().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_OPENSTACK_CONFIGURATION', retryable: false });
    expect(String(error)).toContain('correct auth_url in [neutron]');
  });

  it.each<[string, object]>([
    ['header X-Subject-Token: is missing', { headers: {} }],
    ['token.expires_at: a string was expected', { body: { token: { issued_at: '2020-01-01T00:00:00Z' } } }],
    [
      'token.issued_at: a time was expected',
      { body: { token: { expires_at: '2020-01-01T00:00:00Z', issued_at: 'x' } } },
    ],
    ['the answer is not JSON', { body: Buffer.from('<html>') }],
  ])('says what is wrong with an answer: %s', async (message, answer) => {
    fake.login = () => ({ ...fake.token(), ...answer });
    await expect((await fake.open()).keystone.identity()).rejects.toThrow(message);
  });
});
