import type { Login, OpenStackFacts } from './facts.js';

/** How a user reaches a cloud, as `openCloud` of `@kuryr-l7/openstack` takes it. Holds a secret. */
export function cloudSettings(
  { authUrl, region, users }: Pick<OpenStackFacts, 'authUrl' | 'region' | 'users'>,
  { username, password, projectId }: Login = users.member,
) {
  return {
    origin: 'the simulated cloud',
    authUrl,
    authentication: { method: 'password', user: { name: username, domain: { name: 'Default' } }, password },
    scope: { project: { id: projectId } },
    region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  } as const;
}
