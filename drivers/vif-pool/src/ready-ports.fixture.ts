import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { settings, type VifCluster } from '@kuryr-l7/plugin/conformance';
import { NeutronVifPool } from './neutron-vif-pool.js';

const SIGNAL = new AbortController().signal;

/** A pool in a simulated cloud that has made a batch ready, of which one Pod has a port; its process may end and begin. */
export class ReadyPorts {
  private constructor(
    readonly where: SimulatedVifCloud,
    readonly cluster: VifCluster,
    private readonly batch: number,
    public pool: NeutronVifPool,
    /** The Pod, and the port that it has. */
    readonly staying: { readonly podUid: string; readonly id: string },
  ) {}

  static async open(
    openCluster: (where: SimulatedVifCloud) => Promise<VifCluster>,
    batch: number,
  ): Promise<ReadyPorts> {
    const where = await simulatedVifCloud();
    const cluster = await openCluster(where);
    const pool = await begun(cluster, batch);
    const pod = cluster.pod();
    const { id } = await pool.requestVif(pod, cluster.place, SIGNAL);
    return new ReadyPorts(where, cluster, batch, pool, { podUid: pod.metadata.uid ?? '', id });
  }

  /** What happens `meanwhile` no controller is there to see. */
  async endAndBegin(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    await this.pool.close();
    await meanwhile();
    this.pool = await begun(this.cluster, this.batch, this.staying.podUid);
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.where.close();
  }
}

async function begun(cluster: VifCluster, batch: number, ...podUids: readonly string[]): Promise<NeutronVifPool> {
  const options = settings({ ports_pool_batch: batch, ports_pool_min: 1 });
  const pool = new NeutronVifPool(cluster.driver(), options, SILENT_LOGGER);
  await pool.syncPools(() => new Set(podUids), SIGNAL);
  return pool;
}
