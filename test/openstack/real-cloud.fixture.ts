import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { type Login, readFacts } from './bed/facts.js';

export const facts = readFacts();

/** The test bed's cloud, seen by one of its users; the one of the project `kuryr` unless told. */
export function realCloud(login: Login = facts.users.member): Promise<Cloud> {
  return openCloud({
    origin: 'the test bed',
    authUrl: facts.authUrl,
    authentication: {
      method: 'password',
      user: { name: login.username, domain: { name: 'Default' } },
      password: login.password,
    },
    scope: { project: { id: login.projectId } },
    region: facts.region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  });
}
