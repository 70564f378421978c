/** The bed for clients: clouds.yaml and openrc for OpenStack's own, a kuryr.conf for ours. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts, Login } from './facts.js';
import { CACHE, STATE } from './folders.js';

/** Clouds `kuryr` (the member), `kuryr-application-credential`, `other`, `no-load-balancer` and `admin`. */
export function cloudsYaml(facts: Facts): string {
  const cloud = (name: string, authType: string, auth: Readonly<Record<string, string>>) =>
    [`  ${name}:`, `    auth_type: ${authType}`, '    auth:', `      auth_url: ${facts.authUrl}`]
      .concat(Object.entries(auth).map(([key, value]) => `      ${key}: ${value}`))
      .concat([`    region_name: ${facts.region}`, '    identity_api_version: 3', '    interface: public', ''])
      .join('\n');
  const password = (name: string, login: Login) =>
    cloud(name, 'password', {
      username: login.username,
      password: login.password,
      project_name: login.projectName,
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    });
  const { member, other, withoutLoadBalancerRole, admin } = facts.users;
  return [
    'clouds:\n',
    password('kuryr', member),
    cloud('kuryr-application-credential', 'v3applicationcredential', {
      application_credential_id: facts.applicationCredential.id,
      application_credential_secret: facts.applicationCredential.secret,
    }),
    password('other', other),
    password('no-load-balancer', withoutLoadBalancerRole),
    password('admin', admin),
  ].join('');
}

/** Shell commands that make a login that of OpenStack's clients. */
export function openrc(facts: Facts, login: Login = facts.users.member): string {
  const variables = {
    OS_AUTH_TYPE: 'password',
    OS_AUTH_URL: facts.authUrl,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: login.username,
    OS_PASSWORD: login.password,
    OS_PROJECT_NAME: login.projectName,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: facts.region,
    OS_INTERFACE: 'public',
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('');
}

/** The part of a kuryr.conf that tells of the cloud, and of the L7 router where there is one. */
export function kuryrConf(facts: Facts, l7RouterUuid?: string): string {
  return `[kubernetes]
l7_router_driver = octavia

[neutron]
auth_type = v3applicationcredential
auth_url = ${facts.authUrl}
application_credential_id = ${facts.applicationCredential.id}
application_credential_secret = ${facts.applicationCredential.secret}
region_name = ${facts.region}
endpoint_type = public

[neutron_defaults]
project = ${facts.users.member.projectId}
service_subnet = ${facts.networks.vips.subnetId}
pod_subnet = ${facts.networks.nodes.subnetId}
external_svc_net = ${facts.networks.floating.networkId}
${l7RouterUuid === undefined ? '' : `\n[ingress]\nl7_router_uuid = ${l7RouterUuid}\n`}`;
}

/**
 * The command that makes an L7 router on this bed.
 *
 * @param configuration the bed's kuryr.conf, as it is found from where the command is given
 */
export function createRouterCommand(configuration: string): string {
  return `npx kuryr-l7 router create --config-file ${configuration} --vip-subnet vips --floating-network external`;
}

export function writeClientFiles(facts: Facts): void {
  const write = (file: string, text: string) => writeFileSync(file, text, { mode: 0o600 });
  write(join(CACHE, 'clouds.yaml'), cloudsYaml(facts));
  write(join(CACHE, 'openrc'), openrc(facts));
  write(join(CACHE, 'kuryr.conf'), kuryrConf(facts));
  // For the clients in the tree.
  write(join(STATE, 'clouds.yaml'), cloudsYaml(facts));
}
