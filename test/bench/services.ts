import { CLUSTER_ID, EXTERNAL_SVC_NET } from '@kuryr-l7/config';
import { Lbaasv2Driver } from '@kuryr-l7/driver-lbaasv2';
import { NeutronFloatingIpDriver } from '@kuryr-l7/driver-neutron-floating-ip';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { openCloud } from '@kuryr-l7/openstack';
import { startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import {
  compileLoadBalancer,
  DEFAULT_MONITOR,
  type EndpointSlice,
  type LoadBalancerSettings,
  type Service,
} from '@kuryr-l7/service-load-balancer';
import { printTable } from './table.js';

const SIGNAL = new AbortController().signal;
const CLUSTER = 'bench';
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
  /** Requests to Octavia but GET, as the simulated Octavia counted them. */
  readonly writes: number;
  /** The same for Neutron: the floating IP. */
  readonly neutronWrites: number;
}

type Step = Omit<ServiceChange, 'writes' | 'neutronWrites'> & { readonly to: Shape | undefined };

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

/** Leads a Service through its life on the simulated cloud, each step with drivers that know nothing yet. */
export async function serviceChanges(): Promise<readonly ServiceChange[]> {
  const simulator = await startOpenStackSimulator({ timing: () => 1 });
  const { authUrl, region, networks, users } = simulator.facts;
  const { username, password, projectId } = users.member;
  const cloud = await openCloud({
    origin: 'the simulated cloud',
    authUrl,
    authentication: { method: 'password', user: { name: username, domain: { name: 'Default' } }, password },
    scope: { project: { id: projectId } },
    region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  });
  const shared = { open: async () => cloud };
  const values: Readonly<Record<string, unknown>> = {
    [CLUSTER_ID.name]: CLUSTER,
    [EXTERNAL_SVC_NET.name]: networks.floating.networkId,
  };
  const configuration: Configuration = {
    get: <T>({ name, default: fallback }: Option<T>): T => (values[name] ?? fallback) as T,
  };
  const settings: LoadBalancerSettings = {
    clusterId: CLUSTER,
    serviceTypes: ['LoadBalancer'],
    loadBalancerClass: 'openstack.org/kuryr-l7',
    handleClassless: true,
    vipSubnetId: networks.vips.subnetId,
    memberMode: 'L3',
    placement: {},
    lbAlgorithm: 'ROUND_ROBIN',
    healthMonitor: false,
    monitor: DEFAULT_MONITOR,
    floatingNetworkId: networks.floating.networkId,
  };
  const changes: ServiceChange[] = [];
  try {
    for (const { to, ...step } of STEPS) {
      simulator.octavia.traffic.reset();
      simulator.neutron.traffic.reset();
      const driver = new Lbaasv2Driver(shared, configuration, SILENT_LOGGER);
      const addresses = new NeutronFloatingIpDriver(shared, configuration);
      if (to === undefined) {
        for (const info of await addresses.servicePubIps(KEY, SIGNAL)) await addresses.releasePubIp(info, SIGNAL);
        await driver.releaseLoadBalancer(KEY, SIGNAL);
      } else {
        const { service, slices } = objects(to);
        const compilation = compileLoadBalancer(service, { slices, nodes: [] }, settings);
        if (compilation.outcome !== 'wanted') throw new Error(JSON.stringify(compilation));
        const request = { wanted: compilation.loadBalancer, projectId };
        const { vipPortId: portId } = await driver.ensureLoadBalancer(request, SIGNAL);
        const info = await addresses.acquireServicePubIpInfo({ service, projectId, portId }, SIGNAL);
        await addresses.associatePubIp(info, portId, SIGNAL);
      }
      const writes = simulator.octavia.traffic.writes;
      changes.push({ ...step, writes, neutronWrites: simulator.neutron.traffic.writes });
    }
  } finally {
    cloud.close();
    await simulator.close();
  }
  return changes;
}

/** Writes for each change to a Service, beside Kuryr's. */
export async function services(): Promise<void> {
  const rows = (await serviceChanges()).map(({ change, kuryr, atMost, writes, neutronWrites }) => {
    return [change, kuryr, atMost, writes, neutronWrites];
  });
  printTable(
    'Load balancers of Services: writes',
    ['Service', 'Kuryr, to Octavia', 'ours, at most', 'ours, to Octavia', 'to Neutron'],
    rows,
  );
}
