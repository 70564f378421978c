import type { Facts, Login } from './bed/facts.js';
import { type Entity, Rest } from './bed/rest.js';
import { ServiceRequests, tokenByPassword } from './service-requests.fixture.js';

const ROLES = ['member', 'creator', 'load-balancer_member'];

/** A project with one user that is a test's own, so that roles, passwords and quotas may change under nobody else. */
export class OwnProject {
  #password: string;

  private constructor(
    readonly login: Login,
    private readonly keystone: Rest,
    private readonly octavia: ServiceRequests,
    private readonly network: { readonly neutron: Rest; readonly shareId: string },
  ) {
    this.#password = login.password;
  }

  /** The project may use the bed's network of VIPs. */
  static async create(facts: Facts, name: string): Promise<OwnProject> {
    const token = await tokenByPassword(facts, facts.users.admin);
    const keystone = new Rest(facts.endpoints.identity, token);
    const neutron = new Rest(`${facts.endpoints.network}/v2.0`, token);
    const octavia = new ServiceRequests(`${facts.endpoints.loadBalancer}/v2`, token);
    const password = 'as-in-kuryr-conf';
    const project = await keystone.ensure('project', { name, domain_id: 'default' });
    const user = await keystone.ensure('user', { name, domain_id: 'default', password });
    const login = { username: name, password, userId: user.id, projectName: name, projectId: project.id };
    const { rbac_policy: share } = await neutron.request('POST', '/rbac-policies', {
      rbac_policy: {
        object_type: 'network',
        object_id: facts.networks.vips.networkId,
        action: 'access_as_shared',
        target_tenant: project.id,
      },
    });
    const own = new OwnProject(login, keystone, octavia, { neutron, shareId: (share as Entity).id });
    await own.restore();
    return own;
  }

  async grant(role: string): Promise<void> {
    await this.#role('PUT', role);
  }

  async revoke(role: string): Promise<void> {
    await this.#role('DELETE', role);
  }

  async setPassword(password: string): Promise<void> {
    await this.keystone.request('PATCH', `/users/${this.login.userId}`, { user: { password } });
    this.#password = password;
  }

  /** Of Octavia; -1 is no limit. */
  async setQuota(quota: Readonly<Record<string, number>>): Promise<void> {
    await this.octavia.request('PUT', `/quotas/${this.login.projectId}`, { quota });
  }

  /** Password, roles and quotas as at first. */
  async restore(): Promise<void> {
    // Setting the same one again would revoke every token.
    if (this.#password !== this.login.password) await this.setPassword(this.login.password);
    for (const role of ROLES) await this.grant(role);
    await this.setQuota({ pool: -1 });
  }

  /** When all that it has is deleted. */
  async remove(): Promise<void> {
    await this.network.neutron.request('DELETE', `/rbac-policies/${this.network.shareId}`);
    await this.keystone.request('DELETE', `/users/${this.login.userId}`);
    await this.keystone.request('DELETE', `/projects/${this.login.projectId}`);
  }

  async #role(method: string, name: string): Promise<void> {
    const [role] = await this.keystone.list('roles', `?name=${name}`);
    const { projectId, userId } = this.login;
    await this.keystone.request(method, `/projects/${projectId}/users/${userId}/roles/${role?.id}`);
  }
}
