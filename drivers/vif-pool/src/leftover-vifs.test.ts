import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import type { PodVifDriver, VifPoolDriver } from '@kuryr-l7/plugin';
import { settings, VifCluster } from '@kuryr-l7/plugin/conformance';
import { NeutronVifPool } from './neutron-vif-pool.js';
import { NoopVifPool } from './noop-vif-pool.js';

const SIGNAL = new AbortController().signal;
const NOBODY = () => new Set<string>();

let where: SimulatedVifCloud;
let cluster: VifCluster;

const noop = (vifs: PodVifDriver): VifPoolDriver => new NoopVifPool(vifs);
const full = settings({ ports_pool_batch: 3, ports_pool_min: 1, ports_pool_max: 1 });
const neutron = (vifs: PodVifDriver): VifPoolDriver => new NeutronVifPool(vifs, full, SILENT_LOGGER);
const POOLS = [
  ['noop', noop],
  ['neutron', neutron],
] as const;

const ids = async () => (await cluster.ports()).map(({ id }) => id);

/** The first port that Neutron is asked to delete stays. @returns its id, once it is known */
function refuseFirstDelete(): () => string | undefined {
  let refused: string | undefined;
  where.simulator.neutron.interference.fail({
    answer: 409,
    count: 1_000,
    matches: ({ method, path }) => {
      if (method !== 'DELETE') return false;
      refused ??= path;
      return path === refused;
    },
  });
  return () => refused?.replace('/v2.0/ports/', '');
}

describe('what Pods have left that vanished while the controller was down', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
    cluster = await VifCluster.open(where, NeutronVifDriver);
  });

  afterEach(() => where.close());

  it.each(POOLS)(
    'keeps no Pod from its VIF where Neutron does not delete a port of it, goes but for that port, and with it later: %s',
    async (_name, openPool) => {
      const pods = [cluster.pod(), cluster.pod(), cluster.pod()];
      for (const pod of pods) await cluster.driver().requestVif(pod, cluster.place, SIGNAL);
      const refused = refuseFirstDelete();
      const after = openPool(cluster.driver());
      await after.syncPools(NOBODY, SIGNAL);
      await expect(after.releaseLeftovers(NOBODY, SIGNAL)).rejects.toThrow('409');
      // The pool keeps one of the three for the next Pod.
      expect(await ids()).toHaveLength(openPool === noop ? 1 : 2);
      const { id } = await after.requestVif(cluster.pod(), cluster.place, SIGNAL);
      expect(await ids()).toEqual(expect.arrayContaining([id, refused()]));
      where.simulator.neutron.interference.reset();
      await after.releaseLeftovers(NOBODY, SIGNAL);
      expect(await ids()).toContain(id);
      expect(await ids()).not.toContain(refused());
      await after.close?.();
    },
  );

  it('stays where a Pod is seen only afterwards, whose it is', async () => {
    const pod = cluster.pod();
    const { id } = await cluster.driver().requestVif(pod, cluster.place, SIGNAL);
    const after = noop(cluster.driver());
    await after.syncPools(NOBODY, SIGNAL);
    await after.releaseLeftovers(() => new Set([pod.metadata.uid ?? '']), SIGNAL);
    expect(await ids()).toEqual([id]);
  });

  it.each(POOLS)(
    'goes where it is a VLAN of a trunk, as another pod_vif_driver has made it: %s',
    async (_name, openPool) => {
      cluster = await VifCluster.withTrunk(where, NestedVlanDriver);
      await cluster.driver().requestVifs(cluster.pod(), cluster.place, 3, SIGNAL);
      const { state } = where.simulator.neutron;
      for (const { id } of await cluster.ports()) {
        const port = state.ports.get(id);
        // As Neutron writes into it then: the owner, and the host of the trunk.
        if (port !== undefined) state.ports.set(id, { ...port, device_owner: 'trunk:subport', host: where.host });
      }
      const configuration = settings({ [CLUSTER_ID.name]: cluster.id });
      const after = openPool(new NeutronVifDriver(configuration, { open: async () => cluster.cloud }, SILENT_LOGGER));
      await after.syncPools(NOBODY, SIGNAL);
      await after.releaseLeftovers(NOBODY, SIGNAL);
      expect(await ids()).toEqual([]);
      await after.close?.();
    },
  );
});

describe('what is kept ready on a node that is gone', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
    cluster = await VifCluster.open(where, NeutronVifDriver);
  });

  afterEach(() => where.close());

  it('goes but for a port that Neutron does not delete, and with it later', async () => {
    const pods = neutron(cluster.driver());
    await pods.syncPools(NOBODY, SIGNAL);
    await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    refuseFirstDelete();
    await expect(pods.retainNodes?.([], SIGNAL)).rejects.toThrow('409');
    expect(await ids()).toHaveLength(2);
    where.simulator.neutron.interference.reset();
    await pods.retainNodes?.([], SIGNAL);
    expect(await ids()).toHaveLength(1);
    await pods.close?.();
  });
});
