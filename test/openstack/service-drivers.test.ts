import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER_ID, EXTERNAL_SVC_NET } from '@kuryr-l7/config';
import { Lbaasv2Driver } from '@kuryr-l7/driver-lbaasv2';
import { NeutronFloatingIpDriver } from '@kuryr-l7/driver-neutron-floating-ip';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { endpointsLbaasDriverConformance, servicePublicIpDriverConformance } from '@kuryr-l7/plugin/conformance';
import { eventually } from '../end-to-end/test-cluster.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';

const NAME = `drivers-${process.pid}`;
const LONG = 180_000;
const VALUES: Readonly<Record<string, unknown>> = {
  [CLUSTER_ID.name]: NAME,
  [EXTERNAL_SVC_NET.name]: facts.networks.floating.networkId,
};
const CONFIGURATION: Configuration = {
  get: <T>({ name, default: fallback }: Option<T>): T => (VALUES[name] ?? fallback) as T,
};

let project: OwnProject;
let cloud: Cloud;

/** Deletes every load balancer and address of the project. */
async function empty(): Promise<void> {
  const { octavia, neutron } = cloud;
  await eventually(async () => {
    for (const { id, provisioning_status: status } of await octavia.loadBalancers.list()) {
      if (!status.startsWith('PENDING')) await octavia.loadBalancers.delete(id, { cascade: true });
    }
    expect(await octavia.loadBalancers.list()).toEqual([]);
  }, LONG);
  for (const { id } of await neutron.floatingIps.list()) await neutron.floatingIps.delete(id);
}

beforeAll(async () => {
  project = await OwnProject.create(facts, NAME);
  cloud = await realCloud(project.login);
}, LONG);

afterAll(async () => {
  cloud.close();
  await project.remove();
}, LONG);

endpointsLbaasDriverConformance(
  {
    name: 'lbaasv2 on a real Octavia',
    hasTraffic: true,
    testTimeout: LONG,
    async open() {
      const driver = () => new Lbaasv2Driver({ open: async () => cloud }, CONFIGURATION, SILENT_LOGGER);
      return {
        driver: driver(),
        projectId: project.login.projectId,
        vip: { subnetId: facts.networks.vips.subnetId },
        reopen: async () => driver(),
        close: empty,
      };
    },
  },
  { describe, it },
);

servicePublicIpDriverConformance(
  {
    name: 'neutron_floating_ip on a real Neutron',
    testTimeout: LONG,
    async open() {
      const { neutron } = cloud;
      const ports: string[] = [];
      const makePort = async () => {
        const { id } = await neutron.ports.create({ network_id: facts.networks.vips.networkId });
        ports.push(id);
        return id;
      };
      const portId = await makePort();
      const take = { floating_network_id: facts.networks.floating.networkId };
      return {
        driver: new NeutronFloatingIpDriver({ open: async () => cloud }, CONFIGURATION),
        projectId: project.login.projectId,
        portId,
        makePort,
        async find(floating_ip_address) {
          const [found] = await neutron.floatingIps.list({ floating_ip_address });
          return found === undefined ? undefined : { portId: found.port_id };
        },
        takeAddress: async () => (await neutron.floatingIps.create(take)).floating_ip_address,
        async close() {
          await empty();
          for (const id of ports) await neutron.ports.delete(id);
        },
      };
    },
  },
  { describe, it },
);
