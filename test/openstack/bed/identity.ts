/** Keystone's part of the bed: projects, users, roles, the service catalog, an application credential. */
import { BedError } from './bed-error.js';
import type { Facts, Login } from './facts.js';
import { Rest } from './rest.js';
import { endpointsOf, type Settings } from './settings.js';

const REGION = 'RegionOne';
/** What a user of load balancers with certificates needs; `creator` is Barbican's. */
const MEMBER_ROLES = ['member', 'creator', 'load-balancer_member'];
const OTHER_ROLES = ['reader', 'load-balancer_admin', 'load-balancer_observer', 'load-balancer_global_observer'].concat(
  ['load-balancer_quota_admin'],
);
const SERVICES = [
  ['identity', 'keystone', 'identity'],
  ['network', 'neutron', 'network'],
  ['key-manager', 'barbican', 'keyManager'],
  ['load-balancer', 'octavia', 'loadBalancer'],
] as const;

export interface Session {
  readonly token: string;
  readonly login: Login;
}

export async function logIn(settings: Settings, username: string, projectName: string): Promise<Session> {
  const { password } = settings;
  const domain = { id: 'default' };
  const url = `${endpointsOf(settings).identity}/auth/tokens`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name: username, domain, password } } },
        scope: { project: { name: projectName, domain } },
      },
    }),
    signal: AbortSignal.timeout(60_000),
  });
  const token = response.headers.get('X-Subject-Token');
  const text = await response.text();
  if (!response.ok || token === null) throw new BedError(`POST ${url} was answered with ${response.status}: ${text}`);
  const { user, project } = JSON.parse(text).token;
  return { token, login: { username, password, userId: user.id, projectName, projectId: project.id } };
}

/** Makes what is missing. */
export async function ensureIdentity(
  settings: Settings,
): Promise<Pick<Facts, 'authUrl' | 'region' | 'endpoints' | 'users' | 'applicationCredential'>> {
  const endpoints = endpointsOf(settings);
  const admin = await logIn(settings, 'admin', 'admin');
  const keystone = new Rest(endpoints.identity, admin.token);
  await ensureUsers(keystone, settings);
  await ensureCatalog(keystone, endpoints);
  const member = await logIn(settings, 'kuryr', 'kuryr');
  const secret = settings.password;
  const credential = await new Rest(endpoints.identity, member.token).ensure(
    'application_credential',
    { name: 'kuryr', secret, unrestricted: true },
    `users/${member.login.userId}/application_credentials`,
  );
  return {
    authUrl: endpoints.identity,
    region: REGION,
    endpoints,
    users: {
      member: member.login,
      other: (await logIn(settings, 'other', 'other')).login,
      withoutLoadBalancerRole: (await logIn(settings, 'no-load-balancer', 'kuryr')).login,
      admin: admin.login,
    },
    applicationCredential: { id: credential.id, name: 'kuryr', secret },
  };
}

async function ensureUsers(keystone: Rest, { password }: Settings): Promise<void> {
  const roles = new Map<string, string>();
  for (const name of ['admin', 'service', ...MEMBER_ROLES, ...OTHER_ROLES]) {
    roles.set(name, (await keystone.ensure('role', { name })).id);
  }
  const grant = async (username: string, projectName: string, granted: readonly string[]) => {
    const project = await keystone.ensure('project', { name: projectName, domain_id: 'default' });
    const user = await keystone.ensure('user', { name: username, domain_id: 'default', password });
    for (const role of granted) {
      await keystone.request('PUT', `/projects/${project.id}/users/${user.id}/roles/${roles.get(role)}`);
    }
  };
  for (const name of ['neutron', 'barbican', 'octavia']) await grant(name, 'service', ['admin', 'service']);
  await grant('kuryr', 'kuryr', MEMBER_ROLES);
  await grant('other', 'other', MEMBER_ROLES);
  // Not `member`, which in Octavia 16 is enough to have load balancers.
  await grant('no-load-balancer', 'kuryr', ['creator']);
  await grant('admin', 'admin', ['load-balancer_admin']);
}

async function ensureCatalog(keystone: Rest, endpoints: Facts['endpoints']): Promise<void> {
  const known = await keystone.list('endpoints');
  for (const [type, name, key] of SERVICES) {
    const service = await keystone.ensure('service', { name, type });
    for (const kind of ['public', 'internal', 'admin']) {
      if (known.some((endpoint) => endpoint.service_id === service.id && endpoint.interface === kind)) continue;
      await keystone.request('POST', '/endpoints', {
        endpoint: { service_id: service.id, interface: kind, url: endpoints[key], region_id: REGION },
      });
    }
  }
}
