import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { NeutronVifPool, NoopVifPool } from '@kuryr-l7/driver-vif-pool';
import { nextLook } from '@kuryr-l7/handler-vif';
import { type ObjectOf, type PODS, SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import { type Cloud, ConflictError } from '@kuryr-l7/openstack';
import {
  type Configuration,
  NotReadyError,
  type Option,
  type PodVifDriver,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import type { CloudUnderTest, OpenCloudUnderTest } from './cloud-under-test.js';
import { printTable } from './table.js';

/** Pods that the controller handles at once. */
const WORKERS = 8;
const CLUSTER = `bench-${process.pid}`;

const configuration: Configuration = {
  get: <T>({ name, default: ours }: Option<T>): T => (name === CLUSTER_ID.name ? (CLUSTER as T) : ours),
};

interface Measured {
  /** As `vif_pool_driver` names it. */
  readonly driver: string;
  readonly poolOf: (vifs: PodVifDriver) => VifPoolDriver;
  /** What to call each round; the Pods of one leave before the next. */
  readonly rounds: readonly string[];
}

const MEASURED: readonly Measured[] = [
  { driver: 'noop', poolOf: (vifs) => new NoopVifPool(vifs), rounds: [''] },
  {
    driver: 'neutron',
    poolOf: (vifs) => new NeutronVifPool(vifs, configuration, SILENT_LOGGER),
    rounds: [', empty at first', ', with ports that Pods have left'],
  },
];

type Row = readonly (string | number)[];

/**
 * VIFs for Pods a second, and the requests to Neutron that they take, with and without a pool.
 * @param pods how many there are at a time
 */
export async function vif(open: OpenCloudUnderTest, pods: number, signal: AbortSignal): Promise<void> {
  const on = await open('admin');
  try {
    const rows: Row[] = [];
    for (const measured of MEASURED) rows.push(...(await measure(measured, on, pods, signal)));
    const header = ['vif_pool_driver', 'Pods', 'VIFs a second', 'requests a Pod'];
    printTable(`VIFs of Pods, ${WORKERS} at once, on ${on.title}`, header, rows);
  } finally {
    await on.close();
  }
}

async function measure(
  { driver, poolOf, rounds }: Measured,
  { cloud, projectId, neutron, node }: CloudUnderTest,
  count: number,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const { id: networkId } = await cloud.neutron.networks.create({ name: CLUSTER });
  const range = { cidr: '10.99.0.0/16', ip_version: 4 } as const;
  const subnet = await cloud.neutron.subnets.create({ ...range, network_id: networkId, name: CLUSTER });
  const pool = poolOf(new NeutronVifDriver(configuration, { open: async () => cloud }, SILENT_LOGGER));
  const place = { projectId, subnets: [subnet], securityGroups: [] };
  const asked = () => neutron.reads + neutron.writes;
  const rows: Row[] = [];
  try {
    await pool.syncPools(() => new Set(), signal);
    for (const round of rounds) {
      const before = asked();
      const began = performance.now();
      const pods = Array.from({ length: count }, () => podOn(node));
      const activations: Promise<void>[] = [];
      await atOnce(pods, async (pod) => {
        signal.throwIfAborted();
        const vif = await pool.requestVif(pod, place, signal);
        const activation = activate(pool, vif, signal);
        activations.push(activation);
        // It is looked at when all have been asked for.
        activation.catch(() => undefined);
      });
      await Promise.all(activations);
      const seconds = (performance.now() - began) / 1_000;
      const perPod = (asked() - before) / count;
      rows.push([`${driver}${round}`, count, (count / seconds).toFixed(1), perPod.toFixed(2)]);
      await atOnce(pods, ({ metadata }) => pool.releaseVif(metadata.uid ?? '', signal));
    }
    return rows;
  } finally {
    await pool.close?.();
    await removeNetwork(cloud, networkId);
  }
}

/** With the ports that are in it, and those that a request makes whose answer nobody waited for. */
async function removeNetwork({ neutron }: Cloud, id: string): Promise<void> {
  for (;;) {
    await atOnce(await neutron.ports.list({ network_id: id }), (port) => neutron.ports.delete(port.id));
    try {
      await neutron.networks.delete(id);
      return;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

function podOn(nodeName: string): ObjectOf<typeof PODS> {
  return { metadata: { namespace: 'shop', name: 'web', uid: randomUUID() }, spec: { nodeName, containers: [] } };
}

/** Ends when nothing goes on any more, also where one fails. */
async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  const done = await Promise.allSettled(Array.from({ length: WORKERS }, worker));
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

/** As the handler does: no worker waits for the network. */
async function activate(pool: VifPoolDriver, vif: Vif, signal: AbortSignal): Promise<void> {
  const since = performance.now();
  for (;;) {
    try {
      await pool.activateVif(vif, signal);
      return;
    } catch (error) {
      if (!(error instanceof NotReadyError)) throw error;
    }
    await delay(nextLook(performance.now() - since), undefined, { signal });
  }
}
