import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { cleanupCommand } from './cleanup-command.js';

export const OURS = ['kuryr-cluster=c1'];
export const ROUTER_TAGS = [...OURS, 'kuryr-key=x', 'kuryr-source=Ingress/shop/web'];

export const names = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name).sort();

/** A cluster `c1` and its router in a simulated cloud, beside what is another cluster's and what is nobody's. */
export class CleanedUpCluster {
  /** All that was printed, but what tells of the router's listener, which always stays. */
  lines: string[] = [];
  listenersTold: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-cleanup-'));

  private constructor(
    readonly simulator: OpenStackSimulator,
    readonly cloud: Cloud,
    readonly routerId: string,
  ) {}

  static async open(): Promise<CleanedUpCluster> {
    const simulator = await startOpenStackSimulator({ timing: () => 1 });
    const { facts } = simulator;
    const cloud = await openCloud(cloudSettings(facts));
    const { id } = await cloud.octavia.loadBalancers.create({
      name: 'router',
      // An administrator's mistake: not even then.
      tags: OURS,
      vip_subnet_id: facts.networks.vips.subnetId,
      listeners: [{ protocol: 'HTTP', protocol_port: 80, name: 'http', tags: OURS }],
    });
    await simulator.octavia.idle();
    const cluster = new CleanedUpCluster(simulator, cloud, id);
    cluster.#writeConfiguration();
    await cluster.#fill();
    return cluster;
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    this.cloud.close();
    await this.simulator.close();
  }

  /** Runs the command. @param isWanted `--yes` */
  async run(isWanted: boolean, environment: Readonly<Record<string, string>> = {}) {
    this.lines = [];
    this.listenersTold = [];
    const out = (text: string) =>
      void (/^Stays: listener http /.test(text) ? this.listenersTold : this.lines).push(text);
    const configFiles = [join(this.#folder, 'kuryr.conf')];
    return cleanupCommand({ configFiles, environment }, isWanted, { out, error: out });
  }

  staying(): readonly string[] {
    return this.lines.filter((line) => line.startsWith('Stays: '));
  }

  async balancer(name: string, tags: readonly string[]): Promise<string> {
    const { id } = await this.cloud.octavia.loadBalancers.create({
      name,
      tags,
      vip_subnet_id: this.simulator.facts.networks.vips.subnetId,
      listeners: [{ protocol: 'TCP', protocol_port: 80, name, tags, default_pool: { name } }],
      pools: [{ protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', name, tags }],
    });
    await this.simulator.octavia.idle();
    return id;
  }

  /** The load balancer of a Service. */
  service(name: string, cluster = 'c1'): Promise<string> {
    return this.balancer(name, [`kuryr-cluster=${cluster}`, `kuryr-source=Service/shop/${name}`]);
  }

  /** On the router. */
  async pool(name: string, tags: readonly string[]): Promise<string> {
    const fields = { name, tags, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } as const;
    const { id } = await this.cloud.octavia.pools.create({ loadbalancer_id: this.routerId, ...fields });
    await this.simulator.octavia.idle();
    return id;
  }

  async policy(listener_id: string, redirect_pool_id: string, tags: readonly string[]): Promise<void> {
    await this.cloud.octavia.l7Policies.create({ listener_id, redirect_pool_id, tags, action: 'REDIRECT_TO_POOL' });
    await this.simulator.octavia.idle();
  }

  async floatingIp(tags: readonly string[], description = ''): Promise<string> {
    const { networkId: floating_network_id } = this.simulator.facts.networks.floating;
    const { id } = await this.cloud.neutron.floatingIps.create({ floating_network_id, description });
    await this.cloud.neutron.setTags('floatingips', id, tags);
    return id;
  }

  /** @returns its reference */
  secret(name: string): Promise<string> {
    return this.cloud.barbican.secrets.create({ name, secret_type: 'opaque', payload: Buffer.from('a') });
  }

  /** A port of a Pod or a pool, as the drivers of VIFs make it. */
  async podPort(network_id: string, tags: readonly string[] = OURS, [description = ''] = tags): Promise<string> {
    const { id } = await this.cloud.neutron.ports.create({ network_id, device_owner: 'compute:kuryr', description });
    await this.cloud.neutron.setTags('ports', id, tags);
    return id;
  }

  /** A network as that of a namespace, joined to the router of Neutron. */
  async namespaceNetwork(name: string, cidr: string, tags: readonly string[] = OURS, [tag] = OURS): Promise<string> {
    const { neutron } = this.cloud;
    const { id } = await neutron.networks.create({ name, description: `${tag} kuryr-namespace=${name}` });
    await neutron.setTags('networks', id, tags);
    const subnet = await neutron.subnets.create({ network_id: id, ip_version: 4, cidr });
    await neutron.addRouterInterface(this.simulator.facts.routerId, subnet.id);
    return id;
  }

  /** Of namespaces. */
  async networkNames(): Promise<readonly string[]> {
    return names(await this.cloud.neutron.networks.list()).filter((name) => name.startsWith('ns/'));
  }

  #writeConfiguration(): void {
    const { authUrl, region, users } = this.simulator.facts;
    const { username, password, projectId } = users.member;
    const lines = [
      '[ingress]',
      'cluster_id = c1',
      `l7_router_uuid = ${this.routerId}`,
      '[neutron]',
      'auth_type = password',
      `auth_url = ${authUrl}`,
      `username = ${username}`,
      `password = ${password}`,
      'user_domain_name = Default',
      `project_id = ${projectId}`,
      `region_name = ${region}`,
    ];
    writeFileSync(join(this.#folder, 'kuryr.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  }

  async #fill(): Promise<void> {
    const [listener] = await this.cloud.octavia.listeners.list();
    await this.policy(listener?.id ?? '', await this.pool('ours', ROUTER_TAGS), ROUTER_TAGS);
    await this.policy(listener?.id ?? '', await this.pool('theirs', []), []);
    await this.service('web');
    await this.service('other-cluster', 'c10');
    await this.balancer('untagged', []);
    await this.floatingIp([...OURS, 'kuryr-source=Service/shop/web']);
    await this.floatingIp([]);
    await this.secret(`kuryr-cluster=c1 router=${this.routerId} sha256=a`);
    await this.secret('kuryr-cluster=c10 router=r sha256=a');
  }
}
