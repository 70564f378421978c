import type { Login, NetworkFacts, OpenStackFacts } from './facts.js';
import { hexId, type Identity, type Project } from './keystone/identity.js';
import type { Neutron } from './neutron/neutron.js';

/** Roles as Keystone lists them: `member` implies `reader`. */
const MEMBER_ROLES = ['member', 'reader', 'creator', 'load-balancer_member'];
const PASSWORD = 'simulated-password';

/** Makes the users and projects that are there from the start. */
export function makeIdentity(identity: Identity): Pick<OpenStackFacts, 'users' | 'applicationCredential'> {
  const project = (name: string): Project => {
    const made = { id: hexId(), name };
    identity.projects.push(made);
    return made;
  };
  const login = (username: string, { id, name }: Project, roles: readonly string[]): Login => {
    const user = { id: hexId(), name: username, password: PASSWORD, roles: new Map([[id, roles]]) };
    identity.users.push(user);
    return { username, password: PASSWORD, userId: user.id, projectName: name, projectId: id };
  };
  const kuryr = project('kuryr');
  const users = {
    member: login('kuryr', kuryr, MEMBER_ROLES),
    other: login('other', project('other'), MEMBER_ROLES),
    withoutLoadBalancerRole: login('no-load-balancer', kuryr, ['member', 'reader', 'creator']),
    admin: login('admin', project('admin'), ['admin', 'manager', 'member', 'reader', 'load-balancer_admin']),
  };
  const [user] = identity.users;
  if (user === undefined) throw new Error('The simulated cloud has no users.');
  const applicationCredential = { id: hexId(), name: 'kuryr', secret: 'simulated-secret' };
  identity.applicationCredentials.push({ ...applicationCredential, user, project: kuryr });
  return { users, applicationCredential };
}

/** Makes the networks that are there from the start; their addresses exist on no machine. */
export function makeNetworks(
  { state, context }: Neutron,
  { member, admin }: OpenStackFacts['users'],
): OpenStackFacts['networks'] {
  const network = (name: string, cidr: string, { projectId }: Login, external = false): NetworkFacts => {
    const made = { ...context.newborn(projectId), description: '', name, 'router:external': external };
    const gateway = cidr.replace(/0\/\d+$/, '1');
    const subnet = {
      ...context.newborn(projectId),
      description: '',
      name,
      network_id: made.id,
      cidr,
      gateway_ip: gateway,
    };
    state.networks.set(made.id, made);
    state.subnets.set(subnet.id, subnet);
    return { networkId: made.id, subnetId: subnet.id, cidr };
  };
  return {
    vips: network('vips', '10.100.0.0/20', member),
    nodes: network('nodes', '10.110.0.0/20', member),
    floating: network('external', '203.0.113.0/24', admin, true),
  };
}
