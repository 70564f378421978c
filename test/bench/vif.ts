import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { NeutronVifPool, NoopVifPool } from '@kuryr-l7/driver-vif-pool';
import { type ObjectOf, type PODS, SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import {
  type Configuration,
  NotReadyError,
  type Option,
  type PodVifDriver,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import type { CloudUnderTest, OpenCloudUnderTest } from './cloud-under-test.js';
import { printTable } from './table.js';

const SIGNAL = new AbortController().signal;
const PODS_MADE = 200;
/** Pods that the controller handles at once. */
const WORKERS = 8;
/** Milliseconds between two looks whether a VIF is active, as long as it has not taken long. */
const PACE = 250;
const CLUSTER = `bench-${process.pid}`;

const configuration: Configuration = {
  get: <T>({ name, default: ours }: Option<T>): T => (name === CLUSTER_ID.name ? (CLUSTER as T) : ours),
};

type Row = readonly (string | number)[];

/** VIFs for Pods a second, and the requests to Neutron that they take, with and without a pool. */
export async function vif(open: OpenCloudUnderTest): Promise<void> {
  const on = await open('admin');
  try {
    const single = await measure('noop', on, (vifs) => new NoopVifPool(vifs), ['']);
    const poolOf = (vifs: PodVifDriver) => new NeutronVifPool(vifs, configuration, SILENT_LOGGER);
    const pooled = await measure('neutron', on, poolOf, [', empty at first', ', with ports that Pods have left']);
    const header = ['vif_pool_driver', 'Pods', 'VIFs a second', 'requests a Pod'];
    printTable(`VIFs of Pods, ${WORKERS} at once, on ${on.title}`, header, [...single, ...pooled]);
  } finally {
    await on.close();
  }
}

/** @param rounds what to call each; the Pods of one leave before the next */
async function measure(
  name: string,
  { cloud, projectId, neutron, node }: CloudUnderTest,
  poolOf: (vifs: PodVifDriver) => VifPoolDriver,
  rounds: readonly string[],
): Promise<readonly Row[]> {
  const { id: networkId } = await cloud.neutron.networks.create({ name: CLUSTER });
  const range = { cidr: '10.99.0.0/16', ip_version: 4 } as const;
  const subnet = await cloud.neutron.subnets.create({ ...range, network_id: networkId, name: CLUSTER });
  const pool = poolOf(new NeutronVifDriver(configuration, { open: async () => cloud }, SILENT_LOGGER));
  const place = { projectId, subnets: [subnet], securityGroups: [] };
  const asked = () => neutron.reads + neutron.writes;
  const rows: Row[] = [];
  try {
    await pool.syncPools(() => new Set(), SIGNAL);
    for (const round of rounds) {
      const before = asked();
      const began = performance.now();
      const pods = Array.from({ length: PODS_MADE }, () => podOn(node));
      const activated: Promise<void>[] = [];
      await atOnce(pods, async (pod) => {
        const vif = await pool.requestVif(pod, place, SIGNAL);
        activated.push(activate(pool, vif));
      });
      await Promise.all(activated);
      const seconds = (performance.now() - began) / 1_000;
      const requests = (asked() - before) / PODS_MADE;
      rows.push([`${name}${round}`, PODS_MADE, (PODS_MADE / seconds).toFixed(1), requests.toFixed(2)]);
      await atOnce(pods, ({ metadata }) => pool.releaseVif(metadata.uid ?? '', SIGNAL));
    }
    return rows;
  } finally {
    await pool.close?.();
    const left = await cloud.neutron.ports.list({ network_id: networkId });
    await atOnce(left, ({ id }) => cloud.neutron.ports.delete(id));
    await cloud.neutron.networks.delete(networkId);
  }
}

function podOn(nodeName: string): ObjectOf<typeof PODS> {
  return { metadata: { namespace: 'shop', name: 'web', uid: randomUUID() }, spec: { nodeName, containers: [] } };
}

async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

/** As the handler does: no worker waits for the network. */
async function activate(pool: VifPoolDriver, vif: Vif): Promise<void> {
  for (;;) {
    try {
      await pool.activateVif(vif, SIGNAL);
      return;
    } catch (error) {
      if (!(error instanceof NotReadyError)) throw error;
    }
    await delay(PACE);
  }
}
