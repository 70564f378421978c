import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { cleanupCommand } from './cleanup-command.js';

let simulator: OpenStackSimulator;
let cloud: Cloud;
let folder: string;
let routerId: string;
let lines: string[];

const ROUTER_TAGS = ['kuryr-cluster=c1', 'kuryr-key=x', 'kuryr-source=Ingress/shop/web'];

async function balancer(name: string, tags: readonly string[]): Promise<string> {
  const subnet = simulator.facts.networks.vips.subnetId;
  const { id } = await cloud.octavia.loadBalancers.create({
    name,
    tags,
    vip_subnet_id: subnet,
    listeners: [{ protocol: 'TCP', protocol_port: 80, name, tags, default_pool: { name } }],
    pools: [{ protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', name, tags }],
  });
  await simulator.octavia.idle();
  return id;
}

const service = (name: string, cluster = 'c1') =>
  balancer(name, [`kuryr-cluster=${cluster}`, `kuryr-source=Service/shop/${name}`]);

async function pool(name: string, tags: readonly string[]): Promise<string> {
  const fields = { loadbalancer_id: routerId, name, tags, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } as const;
  const { id } = await cloud.octavia.pools.create(fields);
  await simulator.octavia.idle();
  return id;
}

async function policy(listener_id: string, redirect_pool_id: string, tags: readonly string[]): Promise<void> {
  await cloud.octavia.l7Policies.create({ listener_id, redirect_pool_id, tags, action: 'REDIRECT_TO_POOL' });
  await simulator.octavia.idle();
}

async function floatingIp(tags: readonly string[]): Promise<void> {
  const { networkId } = simulator.facts.networks.floating;
  const { id } = await cloud.neutron.floatingIps.create({ floating_network_id: networkId });
  await cloud.neutron.setTags('floatingips', id, tags);
}

const OURS = ['kuryr-cluster=c1'];

/** A port of a Pod or a pool, as the drivers of VIFs make it. */
async function podPort(network_id: string, tags: readonly string[] = OURS, [description = ''] = tags): Promise<string> {
  const { id } = await cloud.neutron.ports.create({ network_id, device_owner: 'compute:kuryr', description });
  await cloud.neutron.setTags('ports', id, tags);
  return id;
}

/** A network as that of a namespace, joined to the router. */
async function namespaceNetwork(name: string, cidr: string, tags: readonly string[] = OURS): Promise<string> {
  const { neutron } = cloud;
  const { id } = await neutron.networks.create({ name, description: `kuryr-cluster=c1 kuryr-namespace=${name}` });
  await neutron.setTags('networks', id, tags);
  const subnet = await neutron.subnets.create({ network_id: id, ip_version: 4, cidr });
  await neutron.addRouterInterface(simulator.facts.routerId, subnet.id);
  return id;
}

const networkNames = async () => names(await cloud.neutron.networks.list()).filter((name) => name.startsWith('ns/'));

const run = (isWanted: boolean) => {
  lines = [];
  const output = { out: (text: string) => lines.push(text), error: (text: string) => lines.push(text) };
  return cleanupCommand({ configFiles: [join(folder, 'kuryr.conf')], environment: {} }, isWanted, output);
};

const names = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name).sort();

beforeEach(async () => {
  simulator = await startOpenStackSimulator({ timing: () => 1 });
  const { facts } = simulator;
  const { username, password, projectId } = facts.users.member;
  cloud = await openCloud({
    origin: 'the simulated cloud',
    authUrl: facts.authUrl,
    authentication: { method: 'password', user: { name: username, domain: { name: 'Default' } }, password },
    scope: { project: { id: projectId } },
    region: facts.region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  });
  const { id } = await cloud.octavia.loadBalancers.create({
    name: 'router',
    // An administrator's mistake: not even then.
    tags: ['kuryr-cluster=c1'],
    vip_subnet_id: facts.networks.vips.subnetId,
    listeners: [{ protocol: 'HTTP', protocol_port: 80, name: 'http', tags: ['kuryr-cluster=c1'] }],
  });
  routerId = id;
  await simulator.octavia.idle();
  folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-cleanup-'));
  const neutron = `auth_type = password\nauth_url = ${facts.authUrl}\nusername = ${username}\npassword = ${password}\nuser_domain_name = Default\nproject_id = ${projectId}\nregion_name = ${facts.region}`;
  writeFileSync(
    join(folder, 'kuryr.conf'),
    `[ingress]\ncluster_id = c1\nl7_router_uuid = ${routerId}\n[neutron]\n${neutron}\n`,
    { mode: 0o600 },
  );
  const [listener] = await cloud.octavia.listeners.list();
  await policy(listener?.id ?? '', await pool('ours', ROUTER_TAGS), ROUTER_TAGS);
  await policy(listener?.id ?? '', await pool('theirs', []), []);
  await service('web');
  await service('other-cluster', 'c10');
  await balancer('untagged', []);
  await floatingIp(['kuryr-cluster=c1', 'kuryr-source=Service/shop/web']);
  await floatingIp([]);
  await cloud.barbican.secrets.create({
    name: 'kuryr-cluster=c1 abc',
    secret_type: 'opaque',
    payload: Buffer.from('a'),
  });
  await cloud.barbican.secrets.create({
    name: 'kuryr-cluster=c10 abc',
    secret_type: 'opaque',
    payload: Buffer.from('a'),
  });
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  cloud.close();
  await simulator.close();
});

describe('kuryr-l7 cleanup', () => {
  it('lists what is of the cluster in the order of deletion, and writes nothing', async () => {
    simulator.octavia.traffic.reset();
    expect(await run(false)).toBe(1);
    expect(lines[0]?.split('\n').map((line) => line.slice(0, 14).trim())).toEqual([
      'L7 policy',
      'pool',
      'load balancer',
      'floating IP',
      'secret',
    ]);
    const rows = lines[0]?.split('\n') ?? [];
    expect(rows[0]).toMatch(new RegExp(`  on load balancer router \\(${routerId}\\), listener http$`));
    expect(rows[1]).toMatch(new RegExp(`ours  on load balancer router \\(${routerId}\\)$`));
    expect(lines[1]).toMatch(
      /^5 objects of cluster c1 .*, policies and pools on load balancer router \(.*\)\. .* delete them with --yes/,
    );
    expect(simulator.octavia.traffic.writes).toBe(0);
  });

  it('warns of policies and pools on a load balancer that is not the L7 router of kuryr.conf', async () => {
    const other = await balancer('other', []);
    const fields = { loadbalancer_id: other, name: 'far', tags: ROUTER_TAGS } as const;
    await cloud.octavia.pools.create({ ...fields, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });
    await simulator.octavia.idle();
    await run(false);
    expect(lines[0]).toMatch(/^warning: there are policies or pools on load balancer other \(.*cluster_id = c1 too/);
    expect(lines[2]).toMatch(/, policies and pools on load balancers router \(.*\), other \(.*\)\. Stop/);
  });

  it('leaves the floating IP of the L7 router, which stays, and says so', async () => {
    await floatingIp(['kuryr-cluster=c1', 'kuryr-l7-router']);
    expect(await run(true)).toBe(0);
    expect(lines[0]).toMatch(/^Stays: floating IP 203\S+ \(.*\) is the address of an L7 router, and stays with it\.$/);
    const left = await cloud.neutron.floatingIps.list();
    expect(left.map(({ tags }) => tags)).toContainEqual(['kuryr-cluster=c1', 'kuryr-l7-router']);
  });

  it('deletes it with --yes, and nothing that is untagged or of another cluster, nor the router', async () => {
    expect(await run(true)).toBe(0);
    const { octavia, neutron, barbican } = cloud;
    expect(names(await octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(names(await octavia.pools.list())).toEqual(['other-cluster', 'theirs', 'untagged']);
    expect(await octavia.l7Policies.list()).toHaveLength(1);
    expect(await neutron.floatingIps.list()).toMatchObject([{ tags: [] }]);
    expect(names(await barbican.secrets.list())).toEqual(['kuryr-cluster=c10 abc']);
    expect(await run(true)).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^Nothing in .* is of cluster c1\.$/)]);
  });

  it('takes a security group off the ports of the nodes before it is deleted', async () => {
    const { neutron } = cloud;
    const [ours, theirs] = await Promise.all(['ours', 'theirs'].map((name) => neutron.securityGroups.create({ name })));
    await neutron.setTags('security-groups', ours?.id ?? '', ['kuryr-cluster=c1', 'kuryr-source=Service/shop/web']);
    const node = await neutron.ports.create({ network_id: simulator.facts.networks.nodes.networkId });
    await neutron.ports.update(node.id, { security_groups: [ours?.id ?? '', theirs?.id ?? ''] });
    expect(await run(true)).toBe(0);
    expect((await neutron.ports.get(node.id)).security_groups).toEqual([theirs?.id]);
    expect(names(await neutron.securityGroups.list())).toEqual(['theirs']);
  });

  it('tells of addresses that lack the tag though they were taken for a Service, and leaves them', async () => {
    const { networkId: floating_network_id } = simulator.facts.networks.floating;
    const description = 'Floating IP for Kubernetes Service shop/web from cluster c1';
    const { id } = await cloud.neutron.floatingIps.create({ floating_network_id, description });
    expect(await run(true)).toBe(0);
    expect(lines.join('\n')).toMatch(new RegExp(`Stays: floating IP .*${id}.* has no tag`));
    expect(await cloud.neutron.floatingIps.get(id)).toMatchObject({ id });
  });

  it('deletes ports of Pods, VLANs of trunks among them, and then the networks of namespaces', async () => {
    const { neutron } = cloud;
    const { networkId } = simulator.facts.networks.nodes;
    const shop = await namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    await namespaceNetwork('ns/their-net', '10.55.1.0/24', []);
    const node = await neutron.ports.create({ network_id: networkId });
    const trunk = await neutron.trunks.create({ port_id: node.id });
    const vlans = [await podPort(shop), await podPort(networkId, ['kuryr-cluster=c10'])];
    const subports = vlans.map((port_id, index) => ({
      port_id,
      segmentation_type: 'vlan',
      segmentation_id: index + 1,
    }));
    await neutron.addSubports(trunk.id, subports);
    const ports = [await podPort(shop), await podPort(networkId)];
    await run(false);
    expect(lines[0]).toMatch(/network ns\/their-net \(.*\) was made for a namespace of this cluster and has no tag/);
    const rows = (lines[1] ?? '').split('\n');
    expect(rows.map((row) => row.slice(0, 14).trim())).toEqual([
      'L7 policy',
      'pool',
      'load balancer',
      'floating IP',
      'port',
      'port',
      'port',
      'secret',
      'network',
    ]);
    expect(rows.find((row) => row.includes(vlans[0] ?? ''))).toMatch(new RegExp(`on trunk ${trunk.id}$`));
    expect(await run(true)).toBe(0);
    const left = (await neutron.ports.list()).map(({ id }) => id);
    expect(left).not.toEqual(expect.arrayContaining([vlans[0]]));
    expect(left.filter((id) => ports.includes(id))).toEqual([]);
    expect((await neutron.trunks.get(trunk.id)).sub_ports.map(({ port_id }) => port_id)).toEqual([vlans[1]]);
    expect(await networkNames()).toEqual(['ns/their-net']);
    expect(left).toContain(node.id);
  });

  it('leaves a network in which others have ports, with its router, and deletes the other ones', async () => {
    const { neutron } = cloud;
    const shop = await namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    await namespaceNetwork('ns/bank-net', '10.55.1.0/24');
    const { id } = await neutron.ports.create({ network_id: shop, device_owner: 'compute:nova' });
    expect(await run(true)).toBe(1);
    expect(lines.join('\n')).toMatch(
      new RegExp(
        `Stays: network ns/shop-net .*: there are ports in it: ${id} of compute:nova\\. Run the command again`,
      ),
    );
    expect(await networkNames()).toEqual(['ns/shop-net']);
    const legs = await neutron.ports.list({ network_id: shop, device_owner: 'network:router_interface' });
    expect(legs).toHaveLength(1);
    await neutron.ports.delete(id);
    expect(await run(true)).toBe(0);
    expect(await networkNames()).toEqual([]);
  });

  it('leaves ports that only look like those of Pods, and tells of them', async () => {
    const { neutron } = cloud;
    const { networkId } = simulator.facts.networks.nodes;
    const untagged = await podPort(networkId, [], OURS);
    const server = await neutron.ports.create({ network_id: networkId, device_owner: 'compute:nova' });
    await neutron.setTags('ports', server.id, OURS);
    expect(await run(true)).toBe(0);
    expect(lines.join('\n')).toMatch(new RegExp(`Stays: port ${untagged} was made for Pods .* has no tag`));
    expect(lines.join('\n')).toMatch(new RegExp(`Stays: port ${server.id} has the tag and is of compute:nova`));
    expect((await neutron.ports.list()).map(({ id }) => id)).toEqual(expect.arrayContaining([untagged, server.id]));
  });

  it('goes on where it was broken off, with many ports and networks', async () => {
    const nets = [
      await namespaceNetwork('ns/shop-net', '10.55.0.0/24'),
      await namespaceNetwork('ns/b', '10.55.1.0/24'),
    ];
    for (const network of nets) for (let index = 0; index < 10; index += 1) await podPort(network);
    const before = (await cloud.neutron.ports.list()).length;
    for (const most of [9, 4, 2]) {
      let left = most;
      const fails = ({ method }: { readonly method: string }) => ['PUT', 'DELETE'].includes(method) && left-- === 0;
      simulator.neutron.interference.fail({ answer: 403, matches: fails });
      await expect(run(true)).rejects.toThrow(/403/);
    }
    expect(await run(true)).toBe(0);
    expect(await networkNames()).toEqual([]);
    expect((await cloud.neutron.ports.list()).length).toBeLessThanOrEqual(before - 22);
  });

  it('goes on where it was broken off, with many Services', async () => {
    for (let index = 0; index < 12; index += 1) await service(`web-${index}`);
    let left = 6;
    simulator.octavia.interference.fail({
      answer: 403,
      matches: ({ method }) => method === 'DELETE' && left-- === 0,
    });
    await expect(run(true)).rejects.toThrow(/403/);
    expect(await run(true)).toBe(0);
    expect(names(await cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
  });
});
