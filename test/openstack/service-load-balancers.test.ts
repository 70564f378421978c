import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import { eventually, type Manifest, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';

const CLUSTER_ID = `services-${process.pid}`;
/** Milliseconds; Octavia takes seconds for a load balancer. */
const LONG = 120_000;
/** The service-cluster-ip-range, where HAProxy can listen: 127.96.0.0/16. */
const SERVICE_NETWORK = '127.96';
const BED = join(import.meta.dirname, '..', '..', 'config', 'scripts', 'openstack.mjs');

let project: OwnProject;
let cloud: Cloud;
let cluster: TestCluster;
const servers: Server[] = [];

async function listen(server: Server, port: number, address: string): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

/** Something that answers with its name, on a port of its own unless told. */
function member(name: string, port = 0, address = '127.0.0.1'): Promise<number> {
  return listen(
    createHttpServer((_, response) => response.setHeader('connection', 'close').end(name)),
    port,
    address,
  );
}

/** Something that sends its name to whoever connects, as no HTTP server does. */
async function greeter(name: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(name);
  });
  return listen(server, 0, '127.0.0.1');
}

const service = (name: string, spec: object): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec,
});

interface Port {
  readonly name?: string;
  readonly port: number;
}

function applySlice(name: string, ports: readonly Port[], ...addresses: readonly string[]): void {
  const metadata = { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } };
  const object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
  const reference = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespace: 'default' };
  cluster.client.patch({ ...reference, name: metadata.name }, 'apply', object, { fieldManager: 'test', force: true });
}

/** What `kubectl apply` of seed 004 makes: Endpoints by hand, for a Service without selector. */
const endpoints = (name: string, ports: readonly Port[], ...addresses: readonly string[]): Manifest => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name, namespace: 'default' },
  subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }],
});

function expose(name: string, ports: readonly object[], spec: object = {}): void {
  cluster.apply(service(name, { type: 'LoadBalancer', ports, ...spec }));
}

async function addressOf(name: string): Promise<string> {
  return eventually(() => {
    const ip = cluster.get('Service', name).status?.loadBalancer?.ingress?.[0]?.ip;
    if (ip === undefined) throw new Error(`${name} has no address yet`);
    return ip;
  }, LONG);
}

async function remove(name: string): Promise<void> {
  cluster.delete('Service', name);
  await eventually(() => expect(() => cluster.get('Service', name)).toThrow(), LONG);
}

/** What a client of TCP reads, or the body that HTTP answers. */
async function read(address: string, port = 80): Promise<string> {
  const answer = await fetch(`http://${address}:${port}/`, { headers: { connection: 'close' } });
  return answer.text();
}

/** The first bytes that come on a connection. */
function greeting(address: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address);
    socket.once('data', (data: Buffer) => resolve(data.toString()));
    socket.once('end', () => resolve(''));
    socket.once('error', reject);
  });
}

/** The command-line client of OpenStack, as a user of the project has it. */
async function openstack(...words: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { login } = project;
  const user = ['--os-cloud', '', '--os-auth-type', 'password', '--os-auth-url', facts.authUrl];
  const domains = ['--os-user-domain-id', 'default', '--os-project-id', login.projectId];
  const credentials = ['--os-username', login.username, '--os-password', login.password];
  const line = ['env', '-u', 'OS_CLOUD', 'openstack', ...user.slice(2), ...domains, ...credentials, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, [BED, 'enter', ...line, '-f', 'json']);
  return JSON.parse(stdout);
}

/** Everything that there is in the project, in Octavia and in Neutron. */
async function everything() {
  const { octavia, neutron } = cloud;
  const lists = [
    octavia.loadBalancers.list(),
    octavia.listeners.list(),
    octavia.pools.list(),
    octavia.l7Policies.list(),
    neutron.floatingIps.list(),
    neutron.ports.list(),
    neutron.securityGroups.list(),
    neutron.networks.list(),
  ];
  return (await Promise.all(lists)).map((list) => list.map(({ id }) => id).sort());
}

function settings(changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const { username, password, projectId } = project.login;
  return {
    OS_KUBERNETES__LB_SERVICE_TYPES: 'LoadBalancer',
    OS_INGRESS__CLUSTER_ID: CLUSTER_ID,
    OS_NEUTRON__AUTH_TYPE: 'password',
    OS_NEUTRON__AUTH_URL: facts.authUrl,
    OS_NEUTRON__USERNAME: username,
    OS_NEUTRON__PASSWORD: password,
    OS_NEUTRON__USER_DOMAIN_NAME: 'Default',
    OS_NEUTRON__PROJECT_ID: projectId,
    OS_NEUTRON__REGION_NAME: facts.region,
    OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: facts.networks.vips.subnetId,
    OS_NEUTRON_DEFAULTS__EXTERNAL_SVC_NET: facts.networks.floating.networkId,
    ...changes,
  };
}

const vipOf = async (name: string) => {
  const [balancer] = await cloud.octavia.loadBalancers.list({ name: `default/${name}` });
  return balancer?.vip_address ?? '';
};

beforeAll(async () => {
  project = await OwnProject.create(facts, CLUSTER_ID);
  cloud = await realCloud(project.login);
  cluster = await TestCluster.withoutController({ serviceNetwork: SERVICE_NETWORK });
  // Neutron makes a project's own group when it is first asked for one.
  await cloud.neutron.securityGroups.list();
}, LONG);

afterEach(() => cluster.stopController());

afterAll(async () => {
  await cluster.stop();
  const { octavia, neutron } = cloud;
  for (const { id } of await octavia.loadBalancers.list()) await octavia.loadBalancers.delete(id, { cascade: true });
  for (const { id } of await neutron.floatingIps.list()) await neutron.floatingIps.delete(id);
  await eventually(async () => expect(await octavia.loadBalancers.list()).toEqual([]), LONG);
  cloud.close();
  await project.remove();
  for (const server of servers) server.close();
}, LONG);

describe('Services of type LoadBalancer on a real OpenStack', () => {
  it('are reached at a floating IP by another port than their Pods have, as the OpenStack client shows, and leave nothing', async () => {
    const before = await everything();
    await cluster.startController(settings());
    const port = await member('nginx');
    // kubectl expose deployment nginx --name=nginxservice --type=LoadBalancer --port=80 --target-port=…
    expose('nginxservice', [{ port: 80, targetPort: port }]);
    applySlice('nginxservice', [{ port }], '127.0.0.1');
    const address = await addressOf('nginxservice');
    const vip = await vipOf('nginxservice');
    await eventually(async () => expect(await read(address)).toBe('nginx'), LONG);

    const [balancer] = await openstack('loadbalancer', 'list');
    expect(balancer).toMatchObject({
      name: 'default/nginxservice',
      vip_address: vip,
      provisioning_status: 'ACTIVE',
    });
    const [pool] = await cloud.octavia.pools.list();
    expect(await openstack('loadbalancer', 'member', 'list', pool?.id ?? '')).toMatchObject([
      { address: '127.0.0.1', protocol_port: port, provisioning_status: 'ACTIVE' },
    ]);
    expect(await openstack('floating', 'ip', 'list')).toMatchObject([
      { 'Floating IP Address': address, 'Fixed IP Address': vip },
    ]);

    const other = await member('nginx-2');
    applySlice('nginxservice', [{ port: other }], '127.0.0.1');
    await eventually(async () => expect(await read(address)).toBe('nginx-2'), LONG);
    applySlice('nginxservice', [{ port: other }]);
    await eventually(() => expect(read(address)).rejects.toThrow(), LONG);

    await remove('nginxservice');
    expect(await everything()).toEqual(before);
    expect(await openstack('floating', 'ip', 'list')).toEqual([]);
  });

  it('without selector lead where Endpoints or EndpointSlices say that were made by hand, on each of their ports', async () => {
    const before = await everything();
    await cluster.startController(settings());
    const database = await greeter('mysql');
    const admin = await member('admin');
    const ports = [
      { name: 'mysql', port: 3306, targetPort: database },
      { name: 'admin', port: 8080, targetPort: admin },
    ];
    const named = [
      { name: 'mysql', port: database },
      { name: 'admin', port: admin },
    ];
    expose('by-endpoints', ports);
    expose('by-slice', ports);
    cluster.apply(endpoints('by-endpoints', named, '127.0.0.1'));
    applySlice('by-slice', named, '127.0.0.1');
    for (const name of ['by-endpoints', 'by-slice']) {
      await addressOf(name);
      const vip = await vipOf(name);
      await eventually(async () => expect(await greeting(vip, 3306)).toBe('mysql'), LONG);
      await eventually(async () => expect(await read(vip, 8080)).toBe('admin'), LONG);
    }
    await remove('by-endpoints');
    await remove('by-slice');
    expect(await everything()).toEqual(before);
  });

  it('are set right in each resync_period when somebody else changes them, and follow another subnet of members', async () => {
    const { octavia, neutron } = cloud;
    const permitted = { OS_KUBERNETES__LB_PERMITTED_ANNOTATIONS: 'member-subnet-id' };
    await cluster.startController(settings({ OS_INGRESS__RESYNC_PERIOD: '3', ...permitted }));
    const port = await member('kept');
    expose('kept', [{ port: 80, targetPort: port }]);
    applySlice('kept', [{ port }], '127.0.0.1');
    await addressOf('kept');
    const vip = await vipOf('kept');
    const [floating] = await neutron.floatingIps.list();
    await neutron.floatingIps.delete(floating?.id ?? '');
    const [pool] = await octavia.pools.list();
    const members = () => octavia.members.list(pool?.id ?? '');
    for (let round = 0; round < 2; round += 1) {
      await eventually(async () => expect(await read(vip)).toBe('kept'), LONG);
      await octavia.members.replace(pool?.id ?? '', []);
      await eventually(async () => expect(await members()).toMatchObject([{ provisioning_status: 'ACTIVE' }]), LONG);
    }
    await eventually(async () => {
      const [another] = await neutron.floatingIps.list();
      expect(another).toMatchObject({ fixed_ip_address: vip, floating_ip_address: await addressOf('kept') });
    }, LONG);
    const { subnetId } = facts.networks.vips;
    const annotations = { 'loadbalancer.openstack.org/member-subnet-id': subnetId };
    const { metadata, ...rest } = service('kept', { type: 'LoadBalancer', ports: [{ port: 80, targetPort: port }] });
    cluster.apply({ ...rest, metadata: { ...metadata, annotations } } as Manifest);
    await eventually(async () => expect(await members()).toMatchObject([{ subnet_id: subnetId }]), LONG);
    await remove('kept');
  });

  it('lead to node ports, opened by security groups, where Pods can’t be reached; those of type NodePort, too', async () => {
    const { neutron } = cloud;
    const { id: network_id } = await neutron.networks.create({ name: 'nodes' });
    const range = { cidr: '127.110.15.0/24', ip_version: 4, gateway_ip: null, enable_dhcp: false } as const;
    await neutron.subnets.create({ ...range, network_id, name: 'nodes' });
    const fixed_ips = [{ ip_address: '127.110.15.11' }];
    const nodePort = await neutron.ports.create({ network_id, fixed_ips, name: 'worker' });
    const pods = await neutron.securityGroups.create({ name: 'pods' });
    const before = await everything();
    const nodes = { group: '', version: 'v1', plural: 'nodes', namespace: '' };
    for (const { metadata } of cluster.client.list(nodes).items)
      cluster.client.delete({ ...nodes, name: metadata.name });
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.110.15.11' }],
      conditions: [{ type: 'Ready', status: 'True' }],
    };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker' }, status };
    cluster.client.create(nodes, '', node);
    await member('by node port', 30_980, '127.110.15.11');
    await cluster.startController(
      settings({
        OS_KUBERNETES__LB_SERVICE_TYPES: 'NodePort,LoadBalancer',
        OS_OCTAVIA_DEFAULTS__MEMBER_MODE: 'nodeport',
        OS_OCTAVIA_DEFAULTS__MANAGE_SECURITY_GROUPS: 'True',
        OS_NEUTRON_DEFAULTS__POD_SECURITY_GROUPS: pods.id,
      }),
    );
    cluster.apply(service('node-port', { type: 'NodePort', ports: [{ port: 5_000, nodePort: 30_980 }] }));
    const vip = await eventually(async () => {
      const found = await vipOf('node-port');
      expect(found).not.toBe('');
      return found;
    }, LONG);
    await eventually(async () => expect(await read(vip, 5_000)).toBe('by node port'), LONG);
    expect(await neutron.floatingIps.list()).toEqual([]);
    const [group] = await eventually(async () => {
      const found = await neutron.securityGroups.list({ tags: [`kuryr-cluster=${CLUSTER_ID}`] });
      const open = { direction: 'ingress', protocol: 'tcp', port_range_min: 30_980, port_range_max: 30_980 };
      const from = { remote_ip_prefix: facts.networks.vips.cidr };
      const rules = expect.arrayContaining([expect.objectContaining({ ...open, ...from })]);
      const name = `k8s_svc_${CLUSTER_ID}_default_node-port`;
      expect(found).toEqual([expect.objectContaining({ name, security_group_rules: rules })]);
      expect((await neutron.ports.get(nodePort.id)).security_groups).toContain(found[0]?.id);
      return found;
    }, LONG);
    const [balancer] = await cloud.octavia.loadBalancers.list();
    const { security_groups: ofVip } = await neutron.ports.get(balancer?.vip_port_id ?? '');
    expect([ofVip.length, ofVip.includes(pods.id)]).toEqual([2, true]);
    await remove('node-port');
    expect((await neutron.ports.get(nodePort.id)).security_groups).toEqual(
      nodePort.security_groups.filter((id) => id !== group?.id),
    );
    expect(await everything()).toEqual(before);
    await neutron.ports.delete(nodePort.id);
    await neutron.networks.delete(network_id);
    await neutron.securityGroups.delete(pods.id);
  });

  it('have the clusterIP for their VIP in Kuryr’s mode', async () => {
    const before = await everything();
    const { id: network_id } = await cloud.neutron.networks.create({ name: 'services' });
    const range = {
      network_id,
      cidr: `${SERVICE_NETWORK}.0.0/16`,
      ip_version: 4,
      gateway_ip: null,
      enable_dhcp: false,
    } as const;
    const subnet = await cloud.neutron.subnets.create({ ...range, name: 'services' });
    const port = await member('inside');
    cluster.apply(service('inside', { type: 'ClusterIP', ports: [{ port: 80, targetPort: port }] }));
    applySlice('inside', [{ port }], '127.0.0.1');
    await cluster.startController(
      settings({
        OS_KUBERNETES__LB_SERVICE_TYPES: 'ClusterIP,LoadBalancer',
        OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: subnet.id,
      }),
    );
    const vip = await eventually(async () => {
      const found = await vipOf('inside');
      expect(found).toMatch(/^127\.96\./);
      return found;
    }, LONG);
    await eventually(async () => expect(await read(vip)).toBe('inside'), LONG);
    expect(JSON.stringify(cluster.get('Service', 'inside'))).toContain(`"clusterIP":"${vip}"`);
    await remove('inside');
    await remove('kubernetes');
    await cloud.neutron.networks.delete(network_id);
    expect(await everything()).toEqual(before);
  });

  it('are told why they get none: names of other places have no endpoints', async () => {
    const before = await everything();
    await cluster.startController(settings());
    cluster.apply(
      service('elsewhere', { type: 'ExternalName', externalName: 'example.com' }),
      service('plain-node-port', { type: 'NodePort', ports: [{ port: 80 }] }),
    );
    await eventually(() => {
      const events = cluster.client.list({ group: 'events.k8s.io', version: 'v1', plural: 'events' } as never);
      expect(JSON.stringify(events)).toContain('ServiceTypeNotSupported');
    }, LONG);
    expect(await everything()).toEqual(before);
  });
});
