import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type Manifest } from '../end-to-end/test-cluster.fixture.js';
import { facts } from './real-cloud.fixture.js';
import { LONG, read, SERVICE_NETWORK, ServiceBed, service } from './service-bed.fixture.js';

const CLUSTER_ID = `services-${process.pid}`;
const BED = join(import.meta.dirname, '..', '..', 'config', 'scripts', 'openstack.mjs');
const INTERNAL = { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' };

let bed: ServiceBed;

interface Port {
  readonly name?: string;
  readonly port: number;
}

/** What `kubectl apply` of seed 004 makes: Endpoints by hand, for a Service without selector. */
const endpoints = (name: string, ports: readonly Port[], ...addresses: readonly string[]): Manifest => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name, namespace: 'default' },
  subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }],
});

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
  const { login } = bed.project;
  const user = ['--os-auth-type', 'password', '--os-auth-url', facts.authUrl];
  const domains = ['--os-user-domain-id', 'default', '--os-project-id', login.projectId];
  const credentials = ['--os-username', login.username, '--os-password', login.password];
  const line = ['env', '-u', 'OS_CLOUD', 'openstack', ...user, ...domains, ...credentials, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, [BED, 'enter', ...line, '-f', 'json']);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  bed = await ServiceBed.start(CLUSTER_ID);
}, LONG);

afterEach(() => bed.cluster.stopController());

afterAll(() => bed.stop(), LONG);

describe('Services of type LoadBalancer on a real OpenStack', () => {
  it('are reached at a floating IP by another port than their Pods have, as the OpenStack client shows, and leave nothing', async () => {
    const before = await bed.everything();
    await bed.startController();
    const port = await bed.member('nginx');
    // kubectl expose deployment nginx --name=nginxservice --type=LoadBalancer --port=80 --target-port=…
    bed.expose('nginxservice', [{ port: 80, targetPort: port }]);
    bed.applySlice('nginxservice', [{ port }], '127.0.0.1');
    const address = await bed.addressOf('nginxservice');
    const vip = await bed.vipOf('nginxservice');
    await eventually(async () => expect(await read(address)).toBe('nginx'), LONG);

    const [balancer] = await openstack('loadbalancer', 'list');
    expect(balancer).toMatchObject({
      name: 'default/nginxservice',
      vip_address: vip,
      provisioning_status: 'ACTIVE',
    });
    const [pool] = await bed.cloud.octavia.pools.list();
    expect(await openstack('loadbalancer', 'member', 'list', pool?.id ?? '')).toMatchObject([
      { address: '127.0.0.1', protocol_port: port, provisioning_status: 'ACTIVE' },
    ]);
    expect(await openstack('floating', 'ip', 'list')).toMatchObject([
      { 'Floating IP Address': address, 'Fixed IP Address': vip },
    ]);

    const other = await bed.member('nginx-2');
    bed.applySlice('nginxservice', [{ port: other }], '127.0.0.1');
    await eventually(async () => expect(await read(address)).toBe('nginx-2'), LONG);
    bed.applySlice('nginxservice', [{ port: other }]);
    await eventually(() => expect(read(address)).rejects.toThrow(), LONG);

    await bed.remove('nginxservice');
    expect(await bed.everything()).toEqual(before);
    expect(await openstack('floating', 'ip', 'list')).toEqual([]);
  });

  it('without selector lead where Endpoints or EndpointSlices say that were made by hand, on each of their ports', async () => {
    const before = await bed.everything();
    await bed.startController();
    const database = await bed.greeter('mysql');
    const admin = await bed.member('admin');
    const ports = [
      { name: 'mysql', port: 3306, targetPort: database },
      { name: 'admin', port: 8080, targetPort: admin },
    ];
    const named = [
      { name: 'mysql', port: database },
      { name: 'admin', port: admin },
    ];
    bed.expose('by-endpoints', ports);
    bed.expose('by-slice', ports);
    bed.cluster.apply(endpoints('by-endpoints', named, '127.0.0.1'));
    bed.applySlice('by-slice', named, '127.0.0.1');
    for (const name of ['by-endpoints', 'by-slice']) {
      await bed.addressOf(name);
      const vip = await bed.vipOf(name);
      await eventually(async () => expect(await greeting(vip, 3306)).toBe('mysql'), LONG);
      await eventually(async () => expect(await read(vip, 8080)).toBe('admin'), LONG);
    }
    await bed.remove('by-endpoints');
    await bed.remove('by-slice');
    expect(await bed.everything()).toEqual(before);
  });

  it('are set right in each resync_period when somebody else changes them, and follow another subnet of members', async () => {
    const { octavia, neutron } = bed.cloud;
    const permitted = { OS_KUBERNETES__LB_PERMITTED_ANNOTATIONS: 'member-subnet-id' };
    await bed.startController({ OS_INGRESS__RESYNC_PERIOD: '3', ...permitted });
    const port = await bed.member('kept');
    bed.expose('kept', [{ port: 80, targetPort: port }]);
    bed.applySlice('kept', [{ port }], '127.0.0.1');
    await bed.addressOf('kept');
    const vip = await bed.vipOf('kept');
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
      expect(another).toMatchObject({ fixed_ip_address: vip, floating_ip_address: await bed.addressOf('kept') });
    }, LONG);
    const { subnetId } = facts.networks.vips;
    const annotations = { 'loadbalancer.openstack.org/member-subnet-id': subnetId };
    bed.expose('kept', [{ port: 80, targetPort: port }], {}, annotations);
    await eventually(async () => expect(await members()).toMatchObject([{ subnet_id: subnetId }]), LONG);
    await bed.remove('kept');
  });

  it('lead to node ports, opened by security groups, where Pods can’t be reached; those of type NodePort, too', async () => {
    const { neutron } = bed.cloud;
    const { id: network_id } = await neutron.networks.create({ name: 'nodes' });
    const range = { cidr: '127.110.15.0/24', ip_version: 4, gateway_ip: null, enable_dhcp: false } as const;
    await neutron.subnets.create({ ...range, network_id, name: 'nodes' });
    const fixed_ips = [{ ip_address: '127.110.15.11' }];
    const nodePort = await neutron.ports.create({ network_id, fixed_ips, name: 'worker' });
    const pods = await neutron.securityGroups.create({ name: 'pods' });
    const before = await bed.everything();
    bed.cluster.setNodes({ worker: '127.110.15.11' });
    await bed.member('by node port', 30_980, '127.110.15.11');
    await bed.startController({
      OS_KUBERNETES__LB_SERVICE_TYPES: 'NodePort,LoadBalancer',
      OS_OCTAVIA_DEFAULTS__MEMBER_MODE: 'nodeport',
      OS_OCTAVIA_DEFAULTS__MANAGE_SECURITY_GROUPS: 'True',
      OS_NEUTRON_DEFAULTS__POD_SECURITY_GROUPS: pods.id,
    });
    bed.cluster.apply(service('node-port', { type: 'NodePort', ports: [{ port: 5_000, nodePort: 30_980 }] }));
    const vip = await eventually(async () => {
      const found = await bed.vipOf('node-port');
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
    const [balancer] = await bed.cloud.octavia.loadBalancers.list();
    const { security_groups: ofVip } = await neutron.ports.get(balancer?.vip_port_id ?? '');
    expect([ofVip.length, ofVip.includes(pods.id)]).toEqual([2, true]);
    await bed.remove('node-port');
    expect((await neutron.ports.get(nodePort.id)).security_groups).toEqual(
      nodePort.security_groups.filter((id) => id !== group?.id),
    );
    expect(await bed.everything()).toEqual(before);
    await neutron.ports.delete(nodePort.id);
    await neutron.networks.delete(network_id);
    await neutron.securityGroups.delete(pods.id);
  });

  it('with externalTrafficPolicy: Local lead to the nodes that have ready endpoints alone, and ask them at healthCheckNodePort', async () => {
    const { octavia } = bed.cloud;
    const before = await bed.everything();
    const [nodePort, healthPort] = [30_981, 30_982];
    const nodes = { a: '127.110.15.21', b: '127.110.15.22', c: '127.110.15.23' };
    for (const [name, address] of Object.entries(nodes)) {
      await bed.member(name, nodePort, address);
      await bed.member('{"localEndpoints": 1}', healthPort, address);
    }
    bed.cluster.setNodes(nodes);
    const endpoint = (node: string, ready = true) => ({ address: `10.0.0.${node.charCodeAt(0)}`, node, ready });
    bed.applyEndpoints('local', [{ port: 8080 }], [endpoint('a'), endpoint('b', false)]);
    const policy = { externalTrafficPolicy: 'Local', healthCheckNodePort: healthPort };
    const monitored = { ...INTERNAL, 'loadbalancer.openstack.org/enable-health-monitor': 'true' };
    bed.expose('local', [{ port: 80, targetPort: 8080, nodePort }], policy, monitored);
    await bed.startController({ OS_OCTAVIA_DEFAULTS__MEMBER_MODE: 'nodeport' });
    const vip = await bed.addressOf('local');
    const [pool] = await octavia.pools.list();
    const leadsTo = (...names: readonly (keyof typeof nodes)[]) =>
      eventually(async () => {
        const members = [...(await octavia.members.list(pool?.id ?? ''))].sort((one, other) =>
          one.address.localeCompare(other.address),
        );
        expect(members).toMatchObject(
          names.map((name) => ({
            address: nodes[name],
            protocol_port: nodePort,
            monitor_port: healthPort,
            provisioning_status: 'ACTIVE',
          })),
        );
        expect(new Set(await Promise.all(names.map(() => read(vip))))).toEqual(new Set(names));
      }, LONG);

    await leadsTo('a');
    expect(await octavia.healthMonitors.list()).toMatchObject([{ type: 'HTTP', url_path: '/healthz' }]);
    // Its HAProxy has asked.
    await eventually(async () => {
      expect(await octavia.members.list(pool?.id ?? '')).toMatchObject([{ operating_status: 'ONLINE' }]);
    }, LONG);
    bed.applyEndpoints('local', [{ port: 8080 }], [endpoint('a'), endpoint('b')]);
    await leadsTo('a', 'b');
    bed.cluster.setNodes({ b: nodes.b, c: nodes.c });
    await leadsTo('b');
    await bed.remove('local');
    expect(await bed.everything()).toEqual(before);
  });

  it('of two address families have a VIP and members of the first, and an Event says so', async () => {
    const { octavia } = bed.cloud;
    const before = await bed.everything();
    await bed.startController();
    const port = await bed.member('first');
    expect(await bed.member('second', port, '::1')).toBe(port);
    bed.applySlice('dual', [{ port }], '127.0.0.1', '::1');
    const families = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
    const ranges = { loadBalancerSourceRanges: ['127.0.0.0/8', 'fd00::/8'] };
    bed.expose('dual', [{ port: 80, targetPort: port }], { ...families, ...ranges });
    await bed.addressOf('dual');
    const [balancer, ...more] = await octavia.loadBalancers.list();
    expect([balancer?.vip_address, more]).toEqual([expect.stringMatching(/^127\.100\./), []]);
    expect(await octavia.listeners.list()).toMatchObject([{ allowed_cidrs: ['127.0.0.0/8'] }]);
    const [pool] = await octavia.pools.list();
    await eventually(async () => expect(await read(balancer?.vip_address ?? '')).toBe('first'), LONG);
    expect(await octavia.members.list(pool?.id ?? '')).toMatchObject([{ address: '127.0.0.1', protocol_port: port }]);
    await eventually(() => expect(bed.reasonsOf('dual')).toContain('SecondAddressFamilyNotServed'), LONG);
    await bed.remove('dual');
    expect(await bed.everything()).toEqual(before);
  });

  it('have the clusterIP for their VIP in Kuryr’s mode', async () => {
    const before = await bed.everything();
    const { id: network_id } = await bed.cloud.neutron.networks.create({ name: 'services' });
    const range = {
      network_id,
      cidr: `${SERVICE_NETWORK}.0.0/16`,
      ip_version: 4,
      gateway_ip: null,
      enable_dhcp: false,
    } as const;
    const subnet = await bed.cloud.neutron.subnets.create({ ...range, name: 'services' });
    const port = await bed.member('inside');
    bed.cluster.apply(service('inside', { type: 'ClusterIP', ports: [{ port: 80, targetPort: port }] }));
    bed.applySlice('inside', [{ port }], '127.0.0.1');
    await bed.startController({
      OS_KUBERNETES__LB_SERVICE_TYPES: 'ClusterIP,LoadBalancer',
      OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: subnet.id,
    });
    const vip = await eventually(async () => {
      const found = await bed.vipOf('inside');
      expect(found).toMatch(/^127\.96\./);
      return found;
    }, LONG);
    await eventually(async () => expect(await read(vip)).toBe('inside'), LONG);
    expect(JSON.stringify(bed.cluster.get('Service', 'inside'))).toContain(`"clusterIP":"${vip}"`);
    await bed.remove('inside');
    await bed.remove('kubernetes');
    await bed.cloud.neutron.networks.delete(network_id);
    expect(await bed.everything()).toEqual(before);
  });

  it('are told why they get none where they ask for one: names of other places have no endpoints', async () => {
    const before = await bed.everything();
    await bed.startController();
    const alias = { type: 'ExternalName', externalName: 'example.com' };
    bed.cluster.apply(
      service('alias', alias),
      service('plain-node-port', { type: 'NodePort', ports: [{ port: 80 }] }),
      service('elsewhere', alias, { 'loadbalancer.openstack.org/keep-floatingip': 'true' }),
    );
    await eventually(() => expect(bed.reasonsOf('elsewhere')).toEqual(['ServiceTypeNotSupported']), LONG);
    for (const name of ['alias', 'plain-node-port']) expect(bed.reasonsOf(name)).toEqual([]);
    expect(await bed.everything()).toEqual(before);
  });
});
