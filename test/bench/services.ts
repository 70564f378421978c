import { CLUSTER_ID, EXTERNAL_SVC_NET } from '@kuryr-l7/config';
import { Lbaasv2Driver } from '@kuryr-l7/driver-lbaasv2';
import { NeutronFloatingIpDriver } from '@kuryr-l7/driver-neutron-floating-ip';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import {
  compileLoadBalancer,
  DEFAULT_LOAD_BALANCER_SETTINGS,
  type EndpointSlice,
  type LoadBalancerSettings,
  type Service,
} from '@kuryr-l7/service-load-balancer';
import type { CloudUnderTest, OpenCloudUnderTest } from './cloud-under-test.js';
import { printTable } from './table.js';

/** Of what is done to the end. */
const NEVER = new AbortController().signal;
const CLUSTER = `bench-${process.pid}`;
const KEY = 'shop/web';

/** A Service of type LoadBalancer as it is at one time. */
interface Shape {
  readonly ports: number;
  readonly endpoints: number;
  /** Another first address, as after a rollout. @default 0 */
  readonly generation?: number;
}

/** What a change to a Service costs. */
export interface ServiceChange {
  readonly change: string;
  /** Of Kuryr, counted from its sequence of calls: one object at a time, each after the load balancer is ACTIVE again. */
  readonly kuryr: number;
  /** Promised. */
  readonly atMost: number;
  /** Requests to Octavia but GET. */
  readonly writes: number;
  /** GET requests to Octavia: some ask whether a write is in effect yet. */
  readonly reads: number;
  /** Requests to Neutron but GET: the floating IP. */
  readonly neutronWrites: number;
  /** Until all of it is in effect. */
  readonly seconds: number;
}

type Step = Pick<ServiceChange, 'change' | 'kuryr' | 'atMost'> & { readonly to: Shape | undefined };

const SMALL: Shape = { ports: 2, endpoints: 10 };

/** In this order; Kuryr's figures are of its lbaasv2 driver, for p ports and e endpoints: 1 + 2p + pe for a new one. */
const STEPS: readonly Step[] = [
  { change: 'created, 2 ports, 10 endpoints', to: SMALL, kuryr: 25, atMost: 1 },
  { change: 'unchanged, controller started anew', to: SMALL, kuryr: 0, atMost: 0 },
  { change: '5 endpoints more', to: { ...SMALL, endpoints: 15 }, kuryr: 10, atMost: 2 },
  { change: 'all 15 endpoints replaced', to: { ...SMALL, endpoints: 15, generation: 1 }, kuryr: 60, atMost: 2 },
  { change: 'scaled to 0', to: { ...SMALL, endpoints: 0 }, kuryr: 30, atMost: 2 },
  { change: 'scaled to 10', to: SMALL, kuryr: 20, atMost: 2 },
  { change: 'one more port', to: { ...SMALL, ports: 3 }, kuryr: 12, atMost: 3 },
  { change: 'that port less', to: SMALL, kuryr: 12, atMost: 2 },
  { change: 'deleted', to: undefined, kuryr: 1, atMost: 1 },
];

function objects({ ports, endpoints, generation = 0 }: Shape): { service: Service; slices: readonly EndpointSlice[] } {
  const numbers = Array.from({ length: ports }, (_, index) => 80 + index);
  const names = numbers.map((port) => ({ name: `p${port}`, port, targetPort: 8_000 + port, protocol: 'TCP' }));
  const addresses = Array.from({ length: endpoints }, (_, index) => `10.${generation + 1}.0.${index + 1}`);
  return {
    service: { metadata: { name: 'web', namespace: 'shop' }, spec: { type: 'LoadBalancer', ports: names } },
    slices: [
      {
        metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        ports: names.map(({ name, targetPort }) => ({ name, port: targetPort, protocol: 'TCP' })),
        endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
      },
    ],
  };
}

/** Leads a Service through its life, each step with drivers that know nothing yet. */
export async function serviceChanges(
  { facts: { networks }, cloud, projectId, octavia, neutron }: CloudUnderTest,
  signal: AbortSignal,
): Promise<readonly ServiceChange[]> {
  const shared = { open: async () => cloud };
  const values: Readonly<Record<string, unknown>> = {
    [CLUSTER_ID.name]: CLUSTER,
    [EXTERNAL_SVC_NET.name]: networks.floating.networkId,
  };
  const configuration: Configuration = {
    get: <T>({ name, default: fallback }: Option<T>): T => (values[name] ?? fallback) as T,
  };
  const settings: LoadBalancerSettings = {
    ...DEFAULT_LOAD_BALANCER_SETTINGS,
    clusterId: CLUSTER,
    serviceTypes: ['LoadBalancer'],
    vipSubnetId: networks.vips.subnetId,
    floatingNetworkId: networks.floating.networkId,
  };
  const release = async (driver: Lbaasv2Driver, addresses: NeutronFloatingIpDriver) => {
    for (const info of await addresses.servicePubIps(KEY, NEVER)) await addresses.releasePubIp(info, NEVER);
    await driver.releaseLoadBalancer(KEY, NEVER);
  };
  const drivers = () =>
    [
      new Lbaasv2Driver(shared, configuration, SILENT_LOGGER),
      new NeutronFloatingIpDriver(shared, configuration),
    ] as const;
  const changes: ServiceChange[] = [];
  try {
    for (const { to, ...step } of STEPS) {
      const before = { writes: octavia.writes, reads: octavia.reads, neutronWrites: neutron.writes };
      const began = performance.now();
      const [driver, addresses] = drivers();
      if (to === undefined) await release(driver, addresses);
      else {
        const { service, slices } = objects(to);
        const compilation = compileLoadBalancer(service, { slices, nodes: [] }, settings);
        if (compilation.outcome !== 'wanted') throw new Error(JSON.stringify(compilation));
        const request = { wanted: compilation.loadBalancer, projectId };
        const { vipPortId: portId } = await driver.ensureLoadBalancer(request, signal);
        const info = await addresses.acquireServicePubIpInfo({ service, projectId, portId }, signal);
        await addresses.associatePubIp(info, portId, signal);
      }
      changes.push({
        ...step,
        writes: octavia.writes - before.writes,
        reads: octavia.reads - before.reads,
        neutronWrites: neutron.writes - before.neutronWrites,
        seconds: (performance.now() - began) / 1_000,
      });
    }
  } finally {
    // Where a step failed or was called off.
    await release(...drivers());
  }
  return changes;
}

/** Writes for each change to a Service, beside Kuryr's. */
export async function services(open: OpenCloudUnderTest, signal: AbortSignal): Promise<void> {
  const on = await open('member');
  try {
    const rows = (await serviceChanges(on, signal)).map(
      ({ change, kuryr, atMost, writes, reads, neutronWrites, seconds }) => {
        return [change, kuryr, atMost, writes, neutronWrites, reads, `${seconds.toFixed(1)} s`];
      },
    );
    printTable(
      `Load balancers of Services, on ${on.title}`,
      ['Service', 'Kuryr, to Octavia', 'ours, at most', 'ours, to Octavia', 'to Neutron', 'reads of Octavia', 'took'],
      rows,
    );
  } finally {
    await on.close();
  }
}
