import { randomUUID } from 'node:crypto';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { NeutronVifPool, NoopVifPool } from '@kuryr-l7/driver-vif-pool';
import { type ObjectOf, type PODS, SILENT_LOGGER } from '@kuryr-l7/kube';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, Option, PodVifDriver, VifPlace, VifPoolDriver } from '@kuryr-l7/plugin';
import { printTable } from './table.js';

const SIGNAL = new AbortController().signal;
const PODS_MADE = 200;
const NODE = 'node-1';
/** Pods that the controller handles at once. */
const WORKERS = 8;

const configuration: Configuration = {
  get: <T>({ name, default: ours }: Option<T>): T => (name === CLUSTER_ID.name ? ('bench' as T) : ours),
};

const pod = (): ObjectOf<typeof PODS> => ({
  metadata: { namespace: 'shop', name: 'web', uid: randomUUID() },
  spec: { nodeName: NODE, containers: [] },
});

/** VIFs for Pods a second, and the requests to Neutron that they take, with and without a pool; on the simulated Neutron. */
export async function vif(): Promise<void> {
  const rows = [
    await measure('noop', (vifs) => new NoopVifPool(vifs)),
    await measure('neutron', (vifs) => new NeutronVifPool(vifs, configuration, SILENT_LOGGER)),
  ];
  const header = ['vif_pool_driver', 'Pods', 'VIFs a second', 'requests a Pod'];
  printTable(`VIFs of Pods, ${WORKERS} at once, on the simulated Neutron`, header, rows);
}

async function measure(
  name: string,
  poolOf: (vifs: PodVifDriver) => VifPoolDriver,
): Promise<readonly (string | number)[]> {
  const simulator = await startOpenStackSimulator();
  simulator.neutron.agents.hosts.add(NODE);
  const cloud = await open(simulator);
  const place: VifPlace = {
    projectId: simulator.facts.users.member.projectId,
    subnets: [await cloud.neutron.subnets.get(simulator.facts.networks.nodes.subnetId)],
    securityGroups: [],
  };
  const pool = poolOf(new NeutronVifDriver(configuration, { open: async () => cloud }, SILENT_LOGGER));
  await pool.syncPools(() => new Set(), SIGNAL);
  const { traffic } = simulator.neutron;
  const asked = () => traffic.reads + traffic.writes;
  const before = asked();
  const began = performance.now();
  let left = PODS_MADE;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const vif = await pool.requestVif(pod(), place, SIGNAL);
      await pool.activateVif(vif, SIGNAL);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  const seconds = (performance.now() - began) / 1_000;
  const requests = ((asked() - before) / PODS_MADE).toFixed(2);
  const row = [name, PODS_MADE, Math.round(PODS_MADE / seconds), requests];
  await pool.close?.();
  cloud.close();
  await simulator.close();
  return row;
}

function open(simulator: OpenStackSimulator): Promise<Cloud> {
  const { username, password, projectId } = simulator.facts.users.admin;
  return openCloud({
    origin: 'the simulated cloud',
    authUrl: simulator.facts.authUrl,
    authentication: { method: 'password', user: { name: username, domain: { name: 'Default' } }, password },
    scope: { project: { id: projectId } },
    region: simulator.facts.region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  });
}
