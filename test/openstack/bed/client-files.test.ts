import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { cloudsYaml, createRouterCommand, kuryrConf, openrc } from './client-files.js';
import type { Facts, Login } from './facts.js';

const login = (username: string, projectName: string): Login => ({
  username,
  password: 'secret',
  userId: `${username}-id`,
  projectName,
  projectId: `${projectName}-id`,
});
const network = (name: string, cidr: string) => ({ networkId: `${name}-network`, subnetId: `${name}-subnet`, cidr });
const facts: Facts = {
  authUrl: 'http://127.0.0.1:19600/v3',
  region: 'RegionOne',
  endpoints: { identity: '', network: '', keyManager: '', loadBalancer: '' },
  users: {
    member: login('kuryr', 'kuryr'),
    other: login('other', 'other'),
    withoutLoadBalancerRole: login('no-load-balancer', 'kuryr'),
    admin: login('admin', 'admin'),
  },
  applicationCredential: { id: 'credential-id', name: 'kuryr', secret: 'secret' },
  networks: {
    vips: network('vips', '127.100.0.0/20'),
    nodes: network('nodes', '127.110.0.0/20'),
    floating: network('floating', '127.200.0.0/20'),
  },
  routerId: 'router-id',
};

it('gives each user a cloud in clouds.yaml', () => {
  const text = cloudsYaml(facts);
  const names = [...text.matchAll(/^ {2}(\S+):$/gm)].map(([, name]) => name);
  expect(names).toEqual(['kuryr', 'kuryr-application-credential', 'other', 'no-load-balancer', 'admin']);
  expect(text).toContain(`  other:
    auth_type: password
    auth:
      auth_url: http://127.0.0.1:19600/v3
      username: other
      password: secret
      project_name: other
      user_domain_name: Default
      project_domain_name: Default
    region_name: RegionOne
    identity_api_version: 3
    interface: public
`);
  expect(text).toContain(`    auth_type: v3applicationcredential
    auth:
      auth_url: http://127.0.0.1:19600/v3
      application_credential_id: credential-id
      application_credential_secret: secret
`);
});

it('gives shells the login of the member', () => {
  expect(openrc(facts)).toContain('export OS_USERNAME=kuryr\nexport OS_PASSWORD=secret\n');
});

it('gives kuryr.conf the cloud, and the L7 router where there is one', () => {
  expect(kuryrConf(facts)).toContain(
    '[neutron]\nauth_type = v3applicationcredential\nauth_url = http://127.0.0.1:19600/v3\n',
  );
  expect(kuryrConf(facts)).not.toContain('[ingress]');
  expect(kuryrConf(facts, 'router-uuid')).toMatch(/\n\[ingress\]\nl7_router_uuid = router-uuid\n$/);
});

it('the next step that is told is that of the documentation', () => {
  const documented = readFileSync(new URL('../../../docs/octavia.md', import.meta.url), 'utf8');
  expect(documented).toContain(`\n${createRouterCommand('.cache/openstack/kuryr.conf')} > `);
});
