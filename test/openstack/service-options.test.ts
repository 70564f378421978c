import { type AddressInfo, connect, createServer, isIPv4, isIPv6, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { Lbaasv2Driver } from '@kuryr-l7/driver-lbaasv2';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import {
  type Configuration,
  type EndpointsLbaasDriver,
  hasCode,
  type LoadBalancerRequest,
  type Option,
} from '@kuryr-l7/plugin';
import {
  compileLoadBalancer,
  DEFAULT_LOAD_BALANCER_SETTINGS,
  type EndpointSlice,
  type LoadBalancer,
  type LoadBalancerSettings,
  NAMING_ANNOTATIONS,
  type Service,
} from '@kuryr-l7/service-load-balancer';
import { eventually } from '../end-to-end/test-cluster.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';

const NAME = `options-${process.pid}`;
const LONG = 180_000;
const SIGNAL = new AbortController().signal;
const OCCM = 'loadbalancer.openstack.org/';
const CONFIGURATION: Configuration = {
  get: <T>({ name, default: ours }: Option<T>): T => (name === CLUSTER_ID.name ? (NAME as T) : ours),
};
const SETTINGS: LoadBalancerSettings = {
  ...DEFAULT_LOAD_BALANCER_SETTINGS,
  clusterId: NAME,
  serviceTypes: ['LoadBalancer'],
  vipSubnetId: facts.networks.vips.subnetId,
  permittedAnnotations: NAMING_ANNOTATIONS,
};

interface Port {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** Of the members. */
  readonly target: number;
}

let project: OwnProject;
let cloud: Cloud;
let made = 0;

const driver = (): EndpointsLbaasDriver => {
  return new Lbaasv2Driver({ open: async () => cloud }, CONFIGURATION, SILENT_LOGGER);
};

/** What a Service with these ports and annotations asks for, each with a name of its own. */
function asked(
  ports: readonly Port[],
  annotations: Readonly<Record<string, string>>,
  spec: object = {},
  addresses: readonly string[] = ['127.0.0.1'],
): LoadBalancer {
  made += 1;
  const metadata = { name: `web-${made}`, namespace: 'shop' };
  const service: Service = {
    metadata: {
      ...metadata,
      annotations: Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`${OCCM}${name}`, value])),
    },
    spec: {
      type: 'LoadBalancer',
      ports: ports.map(({ name, protocol, port, target }) => ({ name, protocol, port, targetPort: target })),
      ...spec,
    },
  };
  const slice = (addressType: string, isOf: (address: string) => boolean): EndpointSlice => ({
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } },
    addressType,
    ports: ports.map(({ name, protocol, target }) => ({ name, protocol, port: target })),
    endpoints: addresses.filter(isOf).map((address) => ({ addresses: [address], conditions: { ready: true } })),
  });
  const slices = [slice('IPv4', isIPv4), slice('IPv6', isIPv6)];
  const compilation = compileLoadBalancer(service, { slices, nodes: [] }, SETTINGS);
  expect(compilation).toMatchObject({ outcome: 'wanted', problems: [] });
  if (compilation.outcome !== 'wanted') throw new Error('it is not wanted');
  return compilation.loadBalancer;
}

/** Looks again at what stays PENDING, as the handler does: machines with much else to do take minutes. */
async function whenSettled<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, 'ERR_LOAD_BALANCER_PENDING')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const ensured = (request: LoadBalancerRequest) => whenSettled(() => driver().ensureLoadBalancer(request, SIGNAL));
const release = (service: string) => whenSettled(() => driver().releaseLoadBalancer(service, SIGNAL));

/** Makes it, looks whether another process finds anything to write, and gives the VIP. */
async function ensure(wanted: LoadBalancer): Promise<string> {
  const request = { wanted, projectId: project.login.projectId };
  const { vipAddress, writes } = await ensured(request);
  // None where it was PENDING for so long that the next look found it made.
  expect(writes).toBeLessThanOrEqual(1);
  expect(await ensured(request)).toMatchObject({ vipAddress, writes: 0 });
  return vipAddress;
}

beforeAll(async () => {
  project = await OwnProject.create(facts, NAME);
  cloud = await realCloud(project.login);
}, LONG);

afterEach(async () => {
  for (let number = 1; number <= made; number += 1) await release(`shop/web-${number}`);
  expect(await cloud.octavia.loadBalancers.list()).toEqual([]);
}, LONG);

afterAll(async () => {
  cloud.close();
  await project.remove();
}, LONG);

describe('what a Service can say, on a real Octavia', () => {
  it(
    'is taken as it is asked for, and not written again: TCP with all its options',
    async () => {
      const annotations = {
        'connection-limit': '100',
        'lb-method': 'LEAST_CONNECTIONS',
        'timeout-client-data': '61000',
        'timeout-member-connect': '2000',
        'timeout-member-data': '62000',
        'timeout-tcp-inspect': '10',
        'enable-health-monitor': 'true',
        'health-monitor-delay': '7',
        'health-monitor-timeout': '2',
        'health-monitor-max-retries': '4',
        'health-monitor-max-retries-down': '5',
      };
      const spec = { sessionAffinity: 'ClientIP', loadBalancerSourceRanges: ['127.0.0.0/8', '192.0.2.0/24'] };
      await ensure(asked([{ name: 'web', protocol: 'TCP', port: 80, target: 9 }], annotations, spec));
      const { octavia } = cloud;
      expect(await octavia.listeners.list()).toMatchObject([
        {
          protocol: 'TCP',
          connection_limit: 100,
          timeout_client_data: 61_000,
          timeout_member_connect: 2_000,
          timeout_member_data: 62_000,
          timeout_tcp_inspect: 10,
          allowed_cidrs: ['127.0.0.0/8', '192.0.2.0/24'],
        },
      ]);
      expect(await octavia.pools.list()).toMatchObject([
        { lb_algorithm: 'LEAST_CONNECTIONS', session_persistence: { type: 'SOURCE_IP' } },
      ]);
      expect(await octavia.healthMonitors.list()).toMatchObject([
        { type: 'TCP', delay: 7, timeout: 2, max_retries: 4, max_retries_down: 5 },
      ]);
    },
    LONG,
  );

  it(
    'is taken as it is asked for, also when it changes, and not written again: UDP on the port of TCP, SCTP, monitors, affinity',
    async () => {
      const ports: readonly Port[] = [
        { name: 'dns', protocol: 'TCP', port: 53, target: 5301 },
        { name: 'dns-udp', protocol: 'UDP', port: 53, target: 5302 },
        { name: 'signals', protocol: 'SCTP', port: 2905, target: 2905 },
      ];
      const affinity = (timeoutSeconds: number) => ({
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds } },
      });
      const { octavia } = cloud;
      /** What each protocol has: all of it is in effect. */
      const inOctavia = async () => {
        const balancers = await octavia.loadBalancers.list();
        expect(balancers).toMatchObject([{ provisioning_status: 'ACTIVE' }]);
        const listeners = new Map((await octavia.listeners.list()).map((one) => [one.default_pool_id, one]));
        const monitors = new Map((await octavia.healthMonitors.list()).map((one) => [one.id, one]));
        const rows = (await octavia.pools.list()).map(async (pool) => {
          const { protocol, protocol_port: port, provisioning_status: status } = listeners.get(pool.id) ?? {};
          const monitor = monitors.get(pool.healthmonitor_id ?? '');
          const members = await octavia.members.list(pool.id);
          const parts = [pool, monitor, ...members].map((one) => one?.provisioning_status);
          expect([status, ...parts]).toEqual(Array(3 + members.length).fill('ACTIVE'));
          return [
            `${protocol}:${port}`,
            {
              affinity: pool.session_persistence?.persistence_timeout,
              monitor: `${monitor?.type} each ${monitor?.delay} s`,
              members: members.map((one) => `${one.address}:${one.protocol_port}`).sort(),
            },
          ] as const;
        });
        return Object.fromEntries(await Promise.all(rows));
      };
      const monitored = { 'enable-health-monitor': 'true', 'health-monitor-delay': '20' };
      const first = asked(ports, monitored, affinity(600));
      await ensure(first);
      expect(await inOctavia()).toEqual({
        'TCP:53': { affinity: null, monitor: 'TCP each 20 s', members: ['127.0.0.1:5301'] },
        'UDP:53': { affinity: 600, monitor: 'UDP-CONNECT each 20 s', members: ['127.0.0.1:5302'] },
        'SCTP:2905': { affinity: 600, monitor: 'SCTP each 20 s', members: ['127.0.0.1:2905'] },
      });

      const later = { ...monitored, 'health-monitor-delay': '30' };
      const { listeners } = asked(ports, later, affinity(900), ['127.0.0.2', '127.0.0.3']);
      const wanted = { ...first, listeners: listeners.filter(({ protocol }) => protocol !== 'TCP') };
      const request = { wanted, projectId: project.login.projectId };
      // The listener of TCP with its pool and monitor, and of each other: affinity, monitor, members.
      const { writes } = await ensured(request);
      expect(await inOctavia()).toEqual({
        'UDP:53': { affinity: 900, monitor: 'UDP-CONNECT each 30 s', members: ['127.0.0.2:5302', '127.0.0.3:5302'] },
        'SCTP:2905': { affinity: 900, monitor: 'SCTP each 30 s', members: ['127.0.0.2:2905', '127.0.0.3:2905'] },
      });
      expect(writes).toBe(8);
      expect(await ensured(request)).toMatchObject({ writes: 0 });
    },
    LONG,
  );

  it(
    'is a VIP of IPv6 where that is the first of two families, and leads to members of IPv6',
    async () => {
      const { neutron, octavia } = cloud;
      const { id: network_id } = await neutron.networks.create({ name: 'ipv6' });
      // Addresses of IPv6 that a process can bind without a change to the machine.
      const range = { cidr: '::ffff:127.104.0.0/112', ip_version: 6, gateway_ip: null, enable_dhcp: false } as const;
      const subnet = await neutron.subnets.create({ ...range, network_id, name: 'ipv6' });
      const member = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end('by IPv6');
      });
      await new Promise<void>((resolve) => member.listen(0, '::1', resolve));
      const target = (member.address() as AddressInfo).port;
      const ports: readonly Port[] = [{ name: 'web', protocol: 'TCP', port: 80, target }];
      const families = { clusterIP: 'fd00::7', ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'PreferDualStack' };
      const ranges = { loadBalancerSourceRanges: ['fd00::/8', '127.0.0.0/8'] };
      const wanted = asked(ports, {}, { ...families, ...ranges }, ['127.0.0.1', '::1']);
      try {
        const vip = await ensure({ ...wanted, vip: { subnetId: subnet.id } });
        expect(vip).toMatch(/^::ffff:127\.104\./);
        expect(await octavia.listeners.list()).toMatchObject([{ allowed_cidrs: ['fd00::/8'] }]);
        const [pool] = await octavia.pools.list();
        expect(await octavia.members.list(pool?.id ?? '')).toMatchObject([{ address: '::1' }]);
        await eventually(async () => {
          const heard = await new Promise((resolve, reject) => {
            connect(80, vip)
              .once('data', (data: Buffer) => resolve(data.toString()))
              .once('error', reject);
          });
          expect(heard).toBe('by IPv6');
        }, LONG);
      } finally {
        await new Promise((resolve) => member.close(resolve));
        await release(wanted.service);
        await neutron.networks.delete(network_id);
      }
    },
    LONG,
  );

  it(
    'is another VIP only where a load balancer can be made there: the one that works goes on, and nothing is left over',
    async () => {
      const ports: readonly Port[] = [{ name: 'web', protocol: 'TCP', port: 80, target: 9 }];
      const [wanted, other] = [asked(ports, {}), asked(ports, {})];
      const [vip, taken] = [await ensure(wanted), await ensure(other)];
      const { octavia } = cloud;
      const ids = async () => (await octavia.loadBalancers.list()).map(({ id }) => id).sort();
      const before = await ids();
      for (const address of [taken, '203.0.113.77']) {
        const elsewhere = { ...wanted, vip: { ...wanted.vip, address } };
        await expect(ensure(elsewhere)).rejects.toThrow(`goes on at ${vip}`);
        expect(await ids()).toEqual(before);
      }
      await release(other.service);
      const request = {
        wanted: { ...wanted, vip: { ...wanted.vip, address: taken } },
        projectId: project.login.projectId,
      };
      expect(await ensured(request)).toMatchObject({ vipAddress: taken });
      expect(await octavia.loadBalancers.list()).toMatchObject([{ vip_address: taken }]);
    },
    // Three load balancers and two refusals, each of which takes Octavia seconds.
    2 * LONG,
  );

  it.each([
    ['true', /^PROXY TCP4 127\.\S+ 127\.\S+ \d+ 80\r\n/],
    ['v2', /^\r\n\r\n\0\r\nQUIT\n/],
  ])(
    'tells members the client by the PROXY protocol: %s',
    async (version, begins) => {
      const heard: string[] = [];
      const member: Server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (bytes: Buffer) => {
          heard.push(bytes.toString('latin1'));
          socket.end();
        });
      });
      await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve));
      try {
        const target = (member.address() as AddressInfo).port;
        const ports: readonly Port[] = [{ name: 'web', protocol: 'TCP', port: 80, target }];
        const vip = await ensure(asked(ports, { 'proxy-protocol': version }));
        await eventually(async () => {
          const socket = connect(80, vip);
          await new Promise<void>((resolve) => {
            socket.on('error', () => resolve()).on('close', () => resolve());
            socket.write('hello');
          });
          expect(heard.at(-1)).toMatch(begins);
        }, LONG);
      } finally {
        await new Promise((resolve) => member.close(resolve));
      }
    },
    LONG,
  );
});
