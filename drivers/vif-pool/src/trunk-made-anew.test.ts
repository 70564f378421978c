import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NestedVlanDriver } from '@kuryr-l7/driver-neutron-vif';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import { VifCluster } from '@kuryr-l7/plugin/conformance';
import { ReadyPorts } from './ready-ports.fixture.js';

const SIGNAL = new AbortController().signal;

let ports: ReadyPorts;

async function trunkOfNode() {
  const [trunk, ...more] = await ports.cluster.cloud.neutron.trunks.list();
  if (trunk === undefined || more.length > 0) throw new Error('there is not just one trunk');
  return trunk;
}

/** On the same port of the same node; its first VLAN is somebody else's. */
async function makeTrunkAnew(): Promise<void> {
  const { neutron } = ports.cluster.cloud;
  const { id, port_id } = await trunkOfNode();
  await neutron.trunks.delete(id);
  const anew = await neutron.trunks.create({ port_id });
  const foreign = await neutron.ports.create({ network_id: ports.where.facts.networks.vips.networkId });
  await neutron.addSubports(anew.id, [{ port_id: foreign.id, segmentation_type: 'vlan', segmentation_id: 1 }]);
}

/** As the handler asks: again, after a failure. */
async function requestVif(): Promise<Vif> {
  const { cluster, pool } = ports;
  const pod = cluster.pod();
  const request = () => pool.requestVif(pod, cluster.place, SIGNAL);
  return request().catch(request);
}

const vlans = async (...vifs: readonly Vif[]) => {
  const { sub_ports } = await trunkOfNode();
  return vifs.map(({ id }) => sub_ports.find(({ port_id }) => port_id === id)?.segmentation_id);
};
const told = (...vifs: readonly Vif[]) => vifs.map((vif) => ('vlan_id' in vif ? vif.vlan_id : undefined));

describe('VLANs of a trunk that are ready', () => {
  beforeEach(async () => {
    ports = await ReadyPorts.open((where) => VifCluster.withTrunk(where, NestedVlanDriver), 4);
  });

  afterEach(() => ports.close());

  it('go into the trunk that is made anew when Pods get them, and none is lost', async () => {
    await makeTrunkAnew();
    const vifs = [await requestVif(), await requestVif(), await requestVif()];
    expect(told(...vifs)).toEqual([2, 3, 4]);
    expect(await vlans(...vifs)).toEqual([2, 3, 4]);
    expect(new Set([ports.staying.id, ...vifs.map(({ id }) => id)]).size).toBe(4);
    expect(await ports.cluster.ports()).toHaveLength(4);
  });

  it('are deleted where the trunk was made anew while no controller was there, but for those of Pods', async () => {
    const { cluster, staying } = ports;
    await ports.endAndBegin(makeTrunkAnew);
    await ports.pool.releaseLeftovers(() => new Set([staying.podUid]), SIGNAL);
    expect((await cluster.ports()).map(({ id }) => id)).toEqual([staying.id]);
    await ports.pool.releaseVif(staying.podUid, SIGNAL);
    expect(await cluster.ports()).toEqual([]);
  });

  it('are given with the VLAN that they have by then', async () => {
    const { neutron } = ports.cluster.cloud;
    const { id, sub_ports } = await trunkOfNode();
    const portIds = sub_ports.map(({ port_id }) => port_id);
    await neutron.removeSubports(id, portIds);
    const others = portIds.map((port_id, index) => ({
      port_id,
      segmentation_type: 'vlan',
      segmentation_id: 100 + index,
    }));
    await neutron.addSubports(id, others);
    const vif = await requestVif();
    expect(told(vif)).toEqual(await vlans(vif));
    expect(told(vif)[0]).toBeGreaterThan(100);
  });
});
