import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { cleanupCommand } from './cleanup-command.js';

let simulator: OpenStackSimulator;
let cloud: Cloud;
let folder: string;
let routerId: string;
/** All that was printed, but what tells of the router's listener, which always stays. */
let lines: string[];
let listenersTold: string[];

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

async function floatingIp(tags: readonly string[], description = ''): Promise<string> {
  const { networkId: floating_network_id } = simulator.facts.networks.floating;
  const { id } = await cloud.neutron.floatingIps.create({ floating_network_id, description });
  await cloud.neutron.setTags('floatingips', id, tags);
  return id;
}

const secret = (name: string) =>
  cloud.barbican.secrets.create({ name, secret_type: 'opaque', payload: Buffer.from('a') });

const OURS = ['kuryr-cluster=c1'];

/** A port of a Pod or a pool, as the drivers of VIFs make it. */
async function podPort(network_id: string, tags: readonly string[] = OURS, [description = ''] = tags): Promise<string> {
  const { id } = await cloud.neutron.ports.create({ network_id, device_owner: 'compute:kuryr', description });
  await cloud.neutron.setTags('ports', id, tags);
  return id;
}

/** A network as that of a namespace, joined to the router. */
async function namespaceNetwork(
  name: string,
  cidr: string,
  tags: readonly string[] = OURS,
  [tag] = OURS,
): Promise<string> {
  const { neutron } = cloud;
  const { id } = await neutron.networks.create({ name, description: `${tag} kuryr-namespace=${name}` });
  await neutron.setTags('networks', id, tags);
  const subnet = await neutron.subnets.create({ network_id: id, ip_version: 4, cidr });
  await neutron.addRouterInterface(simulator.facts.routerId, subnet.id);
  return id;
}

const networkNames = async () => names(await cloud.neutron.networks.list()).filter((name) => name.startsWith('ns/'));

const run = async (isWanted: boolean, environment: Readonly<Record<string, string>> = {}) => {
  lines = [];
  listenersTold = [];
  const out = (text: string) => void (/^Stays: listener http /.test(text) ? listenersTold : lines).push(text);
  const configFiles = [join(folder, 'kuryr.conf')];
  return cleanupCommand({ configFiles, environment }, isWanted, { out, error: out });
};

const staying = () => lines.filter((line) => line.startsWith('Stays: '));

const names = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name).sort();

beforeEach(async () => {
  simulator = await startOpenStackSimulator({ timing: () => 1 });
  const { facts } = simulator;
  const { username, password, projectId } = facts.users.member;
  cloud = await openCloud(cloudSettings(facts));
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
  await secret(`kuryr-cluster=c1 router=${routerId} sha256=a`);
  await secret('kuryr-cluster=c10 router=r sha256=a');
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
    expect(lines[1]).toMatch(/^5 objects of cluster c1 .*\. Stop its controller, then delete them with --yes/);
    expect(simulator.octavia.traffic.writes).toBe(0);
  });

  it('leaves the router of another cluster with the same id alone, with its certificates, and says so', async () => {
    const other = await balancer('other', []);
    const [listener] = (await cloud.octavia.listeners.list()).filter(({ name }) => name === 'other');
    const tags = ROUTER_TAGS;
    await cloud.octavia.pools.create({
      loadbalancer_id: other,
      name: 'far',
      tags,
      protocol: 'HTTP',
      lb_algorithm: 'ROUND_ROBIN',
    });
    await simulator.octavia.idle();
    await cloud.octavia.l7Policies.create({ listener_id: listener?.id ?? '', action: 'REJECT', tags });
    await simulator.octavia.idle();
    const theirs = `kuryr-cluster=c1 router=${other} sha256=b`;
    await secret(theirs);
    expect(await run(true)).toBe(0);
    const stays = staying();
    expect(stays[0]).toMatch(
      /listeners, policies or pools with the tag on load balancer other \(.*cluster_id = c1 may.*L7_ROUTER_UUID=/,
    );
    expect(stays[1]).toMatch(/secret .* is of a router that is not \[ingress\] l7_router_uuid/);
    expect(names(await cloud.octavia.pools.list())).toContain('far');
    expect(await cloud.octavia.l7Policies.list()).toHaveLength(2);
    expect(names(await cloud.barbican.secrets.list())).toContain(theirs);
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
    expect(names(await barbican.secrets.list())).toEqual(['kuryr-cluster=c10 router=r sha256=a']);
    expect(await run(true)).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^Nothing else in .* is of cluster c1\.$/)]);
  });

  it('leaves the listeners that were made on the router, which others may use, and says so', async () => {
    const [listener] = (await cloud.octavia.listeners.list()).filter(({ name }) => name === 'http');
    const theirs = { loadbalancer_id: routerId, protocol: 'HTTP', protocol_port: 81, name: 'theirs' } as const;
    await cloud.octavia.listeners.create(theirs);
    await simulator.octavia.idle();
    expect(await run(true)).toBe(0);
    expect([...listenersTold, ...staying()]).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Stays: listener http \\(${listener?.id}\\) is on the L7 router, .* listener delete ${listener?.id}"\\)\\.$`,
        ),
      ),
    ]);
    expect(names(await cloud.octavia.listeners.list())).toEqual(expect.arrayContaining(['http', 'theirs']));
  });

  it('tells of listeners with the tag on a load balancer that is not the router of kuryr.conf, if of nothing else', async () => {
    await run(true);
    expect(await run(true, { OS_INGRESS__L7_ROUTER_UUID: '' })).toBe(0);
    expect([listenersTold, staying()]).toEqual([
      [],
      [expect.stringMatching(new RegExp(`there are listeners, .* on load balancer router \\(${routerId}\\)`))],
    ]);
  });

  it('says that nothing is of the cluster only where nothing is left, the listeners of its router neither', async () => {
    await run(true);
    const [listener] = (await cloud.octavia.listeners.list()).filter(({ name }) => name === 'http');
    for (const { id } of await cloud.octavia.l7Policies.list()) {
      await cloud.octavia.l7Policies.delete(id);
      await simulator.octavia.idle();
    }
    await cloud.octavia.listeners.delete(listener?.id ?? '');
    await simulator.octavia.idle();
    expect(await run(true)).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^Nothing in .* is of cluster c1\.$/)]);
  });

  it('leaves the certificate of a listener that stays, without which the router would freeze, and says so', async () => {
    const used = `kuryr-cluster=c1 router=${routerId} sha256=used`;
    const reference = await secret(used);
    for (const listener of simulator.octavia.state.listeners.values()) {
      // As Octavia keeps it: whole, and with whatever host the client wrote.
      if (listener.name === 'http') listener.sni_container_refs = [reference.replace(/\/\/[^/]+/, '//elsewhere')];
    }
    expect(await run(true)).toBe(0);
    expect(staying()).toEqual([
      `Stays: secret ${used} is used by a listener that stays: without it the load balancer would freeze.`,
    ]);
    expect(names(await cloud.barbican.secrets.list())).toEqual(['kuryr-cluster=c10 router=r sha256=a', used].sort());
  });

  it.each([
    ['is not set', ''],
    ['is another one', '99f580e6-d894-442a-bc5f-4d14b41e10d2'],
  ])('deletes no router that has the tag where l7_router_uuid %s', async (_, OS_INGRESS__L7_ROUTER_UUID) => {
    expect(await run(true, { OS_INGRESS__L7_ROUTER_UUID })).toBe(0);
    expect(staying()[0]).toMatch(new RegExp(`on load balancer router \\(${routerId}\\), which is not`));
    expect(names(await cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(names(await cloud.octavia.pools.list())).toEqual(expect.arrayContaining(['ours', 'theirs']));
  });

  it('leaves a pool of ours that is the default of a listener that stays, and says so', async () => {
    const [listener] = (await cloud.octavia.listeners.list()).filter(({ name }) => name === 'http');
    const fallback = await pool('fallback', ROUTER_TAGS);
    await cloud.octavia.listeners.update(listener?.id ?? '', { default_pool_id: fallback });
    await simulator.octavia.idle();
    expect(await run(true)).toBe(0);
    expect(staying()).toEqual([`Stays: pool fallback (${fallback}) is the default pool of a listener that stays.`]);
    expect(await cloud.octavia.pools.get(fallback)).toMatchObject({ name: 'fallback' });
    expect((await cloud.octavia.listeners.get(listener?.id ?? '')).default_pool_id).toBe(fallback);
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

  it('finds by their descriptions what was made and not tagged any more when the controller was killed', async () => {
    const { neutron } = cloud;
    const { networkId } = simulator.facts.networks.nodes;
    const halfMade = await floatingIp([], 'Floating IP for Kubernetes Service shop/web from cluster c1');
    const theirs = await floatingIp([], 'Floating IP for Kubernetes Service shop/web from cluster c10');
    const description = 'Security group created for Service shop/web from cluster c1';
    await neutron.securityGroups.create({ name: 'k8s_svc_c1_shop_web', description });
    await neutron.securityGroups.create({ name: 'k8s_svc_c1_shop_web', description: 'mine' });
    const ports = [
      await podPort(networkId, [], OURS),
      await podPort(networkId, [], ['kuryr-cluster=c1 kuryr-pod=uid']),
    ];
    const foreign = await podPort(networkId, [], ['kuryr-cluster=c10 kuryr-pod=uid']);
    await namespaceNetwork('ns/shop-net', '10.55.0.0/24', []);
    expect(await run(true)).toBe(0);
    const left = (await neutron.floatingIps.list()).map(({ id }) => id);
    expect([left.includes(halfMade), left.includes(theirs)]).toEqual([false, true]);
    expect((await neutron.securityGroups.list()).map((group) => group.description)).not.toContain(description);
    expect(names(await neutron.securityGroups.list())).toContain('k8s_svc_c1_shop_web');
    const leftPorts = (await neutron.ports.list()).map(({ id }) => id);
    expect(leftPorts.filter((id) => ports.includes(id))).toEqual([]);
    expect(leftPorts).toContain(foreign);
    expect(await networkNames()).toEqual([]);
  });

  it('leaves addresses that were given or to be kept, and says so', async () => {
    const kept = await floatingIp(['kuryr-kept'], 'Floating IP for Kubernetes Service shop/web from cluster c1');
    const given = await floatingIp(['kuryr-used-by=c1/Service/shop/web', 'kuryr-vip-port=p']);
    await floatingIp(['kuryr-used-by=c10/Service/shop/web']);
    expect(await run(true)).toBe(0);
    const stays = staying();
    expect(stays).toHaveLength(2);
    for (const id of [kept, given]) {
      expect(stays.join('\n')).toMatch(new RegExp(`floating IP .*${id}.* to be kept: .*unset --all-tag ${id}`));
      expect(await cloud.neutron.floatingIps.get(id)).toMatchObject({ id });
    }
  });

  it('leaves an address of a Service that somebody has led elsewhere by hand, and says so', async () => {
    const { neutron } = cloud;
    const { id: machine } = await neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
    const led = await floatingIp([...OURS, 'kuryr-source=Service/shop/web', 'kuryr-vip-port=p']);
    const detached = await floatingIp([...OURS, 'kuryr-source=Service/shop/old', 'kuryr-vip-port=p']);
    await neutron.floatingIps.update(led, { port_id: machine });
    expect(await run(true)).toBe(0);
    expect(staying().join('\n')).toMatch(
      new RegExp(`floating IP .*${led}.* to port ${machine} by somebody: delete it`),
    );
    const left = (await neutron.floatingIps.list()).map(({ id }) => id);
    expect(left).toContain(led);
    expect(left).not.toContain(detached);
  });

  it('deletes ports of Pods, VLANs of trunks among them, and then the networks of namespaces', async () => {
    const { neutron } = cloud;
    const { networkId } = simulator.facts.networks.nodes;
    const shop = await namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    await namespaceNetwork('ns/their-net', '10.55.1.0/24', [], ['kuryr-cluster=c10']);
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
    const rows = (lines[0] ?? '').split('\n');
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

  it('deletes ports in a cloud that has no trunks', async () => {
    const port = await podPort(simulator.facts.networks.nodes.networkId);
    const matches = ({ path }: { readonly path: string }) => path.endsWith('/trunks');
    simulator.neutron.interference.fail({ answer: 404, count: 100, matches });
    expect(await run(true)).toBe(0);
    expect((await cloud.neutron.ports.list()).map(({ id }) => id)).not.toContain(port);
  });

  it('deletes a port that was taken out of its trunk, and has no owner any more', async () => {
    const { neutron } = cloud;
    const { id } = await neutron.ports.create({ network_id: simulator.facts.networks.nodes.networkId });
    await neutron.setTags('ports', id, OURS);
    expect(await run(true)).toBe(0);
    expect((await neutron.ports.list()).map((port) => port.id)).not.toContain(id);
  });

  it('leaves a network in which others have ports, with its router, and deletes the other ones', async () => {
    const { neutron } = cloud;
    const shop = await namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    await namespaceNetwork('ns/bank-net', '10.55.1.0/24');
    const { id } = await neutron.ports.create({ network_id: shop, device_owner: 'compute:nova' });
    expect(await run(true)).toBe(1);
    expect(lines.join('\n')).toMatch(
      new RegExp(
        `Left: network ns/shop-net .*: there are ports in it: ${id} of compute:nova\\.\n1 of 7 objects left\\. Run`,
      ),
    );
    expect(await networkNames()).toEqual(['ns/shop-net']);
    const legs = await neutron.ports.list({ network_id: shop, device_owner: 'network:router_interface' });
    expect(legs).toHaveLength(1);
    await neutron.ports.delete(id);
    expect(await run(true)).toBe(0);
    expect(await networkNames()).toEqual([]);
  });

  it('leaves ports of servers, and tells of those that have the tag', async () => {
    const { neutron } = cloud;
    const { networkId } = simulator.facts.networks.nodes;
    const untagged = (await neutron.ports.create({ network_id: networkId, description: 'kuryr-cluster=c1' })).id;
    const server = await neutron.ports.create({ network_id: networkId, device_owner: 'compute:nova' });
    await neutron.setTags('ports', server.id, OURS);
    expect(await run(true)).toBe(0);
    expect(lines.join('\n')).toMatch(new RegExp(`Stays: port ${server.id} has the tag and is of compute:nova`));
    expect((await neutron.ports.list()).map(({ id }) => id)).toEqual(expect.arrayContaining([untagged, server.id]));
  });

  it('goes on past what can not be deleted, and tells at the end what is left and why', async () => {
    for (let index = 0; index < 12; index += 1) await service(`web-${index}`);
    const [stuck] = (await cloud.octavia.loadBalancers.list()).filter(({ name }) => name === 'web-3');
    const network = await namespaceNetwork('ns/shop-net', '10.55.0.0/24');
    const ports = [await podPort(network), await podPort(network)];
    const isOf =
      (...ids: readonly (string | undefined)[]) =>
      ({ method, path }: { readonly method: string; readonly path: string }) =>
        method === 'DELETE' && ids.some((id) => id !== undefined && path.includes(id));
    simulator.octavia.interference.fail({ answer: 500, count: 100, message: 'worn out', matches: isOf(stuck?.id) });
    simulator.neutron.interference.fail({ answer: 403, count: 100, matches: isOf(ports[0]) });
    expect(await run(true)).toBe(1);
    expect(lines.slice(-4)).toEqual([
      expect.stringMatching(/^Left: load balancer web-3 \(.*\): .*500.*worn out/),
      expect.stringMatching(/^Left: port .*: .*403/),
      expect.stringMatching(/^Left: network ns\/shop-net \(.*\): there are ports in it/),
      expect.stringMatching(/^3 of 20 objects left\. Run the command again when that is mended\.$/),
    ]);
    simulator.octavia.interference.reset();
    simulator.neutron.interference.reset();
    expect(await run(true)).toBe(0);
    expect(names(await cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(await networkNames()).toEqual([]);
  });

  it('tries again what fails once', async () => {
    simulator.octavia.interference.fail({ answer: 500, matches: ({ method }) => method === 'DELETE' });
    simulator.neutron.interference.fail({ answer: 403, matches: ({ method }) => method === 'DELETE' });
    expect(await run(true)).toBe(0);
    expect(lines.filter((line) => line.startsWith('Left'))).toEqual([]);
  });

  it('ends on a router in ERROR, on which nothing can be changed, and deletes everything else', async () => {
    const router = simulator.octavia.state.loadBalancers.get(routerId);
    if (router === undefined) throw new Error('there is no router');
    router.provisioning_status = 'ERROR';
    expect(await run(true)).toBe(1);
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^Left: L7 policy .*: load balancer .* is in ERROR, .*failover/),
      expect.stringMatching(/^Left: pool ours .*: load balancer .* is in ERROR/),
      expect.stringMatching(/^2 of 5 objects left/),
    ]);
    expect(names(await cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
    expect(names(await cloud.barbican.secrets.list())).toEqual(['kuryr-cluster=c10 router=r sha256=a']);
  });

  it('deletes load balancers of Services in ERROR', async () => {
    for (const balancer of simulator.octavia.state.loadBalancers.values()) {
      if (balancer.name === 'web') balancer.provisioning_status = 'ERROR';
    }
    expect(await run(true)).toBe(0);
    expect(names(await cloud.octavia.loadBalancers.list())).toEqual(['other-cluster', 'router', 'untagged']);
  });

  it.each([
    ['Barbican', 'key-manager', 'secrets', 4],
    ['Octavia', 'load-balancer', 'load balancers, policies, pools and secrets', 1],
  ])('does without %s where the cloud has none, and says so', async (service, missing, what, objects) => {
    simulator.keystone.catalog = simulator.keystone.catalog.filter(({ type }) => type !== missing);
    expect(await run(false)).toBe(1);
    expect(lines[0]).toMatch(new RegExp(`^There is no ${service} in the catalog: ${what} are not looked for`));
    expect(lines[1]?.split('\n')).toHaveLength(objects);
    expect(await run(true)).toBe(0);
  });

  it('does what it can where a service does not answer, and does not say that nothing is left', async () => {
    simulator.octavia.interference.fail({ answer: 403, count: 100, matches: ({ method }) => method === 'GET' });
    expect(await run(true)).toBe(1);
    expect(lines[0]).toMatch(
      /^Not read: load balancers, policies, pools and secrets could not be looked for: .*403.*Run/,
    );
    expect(await cloud.neutron.floatingIps.list()).toMatchObject([{ tags: [] }]);
    expect(await run(true)).toBe(1);
    expect(lines[1]).toMatch(/^Nothing that could be read in .* is of cluster c1\.$/);
    simulator.octavia.interference.reset();
    expect(await run(true)).toBe(0);
  });
});
