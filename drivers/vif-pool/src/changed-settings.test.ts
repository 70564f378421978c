import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import type { PodPlaces, VifPlace } from '@kuryr-l7/plugin';
import { settings, VifCluster } from '@kuryr-l7/plugin/conformance';
import { NeutronVifPool } from './neutron-vif-pool.js';

const SIGNAL = new AbortController().signal;
const FEW = settings({ ports_pool_batch: 3, ports_pool_min: 1 });

let where: SimulatedVifCloud;
let cluster: VifCluster;
let pool: NeutronVifPool;
/** What Pods had by the settings of before, of which one has stayed; two more are ready. */
let staying: { readonly podUid: string; readonly id: string };

const ids = async () => (await cluster.ports()).map(({ id }) => id);
const portOf = async (id: string) => cluster.cloud.neutron.ports.get(id);

/** As a process has it that begins. */
async function begin(...podUids: readonly string[]): Promise<void> {
  pool = new NeutronVifPool(cluster.driver(), FEW, SILENT_LOGGER);
  await pool.syncPools(() => new Set(podUids), SIGNAL);
}

async function endAndBegin(): Promise<void> {
  await pool.close();
  await begin(staying.podUid);
}

/** What the drivers say of the settings by which Pods are here. */
const placesOf = ({ projectId, subnets }: VifPlace) => {
  const places: PodPlaces = { projects: [projectId], subnets: [subnets] };
  return async () => places;
};

const anotherSubnet = async (networkId: string) =>
  cluster.cloud.neutron.subnets.create({ network_id: networkId, ip_version: 4, cidr: '10.9.9.0/24' });

const elsewhere: readonly (readonly [string, () => Promise<VifPlace>])[] = [
  [
    'pod_subnet, in the same network',
    async () => ({ ...cluster.place, subnets: [await anotherSubnet(cluster.place.subnets[0]?.network_id ?? '')] }),
  ],
  [
    'pod_subnet, in another network',
    async () => {
      const { id } = await cluster.cloud.neutron.networks.create({ name: 'another' });
      return { ...cluster.place, subnets: [await anotherSubnet(id)] };
    },
  ],
  ['project', async () => ({ ...cluster.place, projectId: where.facts.users.other.projectId })],
];

describe('ports that were made ready by other settings', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
    cluster = await VifCluster.open(where, NeutronVifDriver);
    await begin();
    const pod = cluster.pod();
    const { id } = await pool.requestVif(pod, cluster.place, SIGNAL);
    staying = { podUid: pod.metadata.uid ?? '', id };
  });

  afterEach(async () => {
    await pool.close();
    await where.close();
  });

  it.each(elsewhere)('are given to no Pod after a change of %s', async (_name, newPlace) => {
    const place = await newPlace();
    await endAndBegin();
    const { id } = await pool.requestVif(cluster.pod(), place, SIGNAL);
    const port = await portOf(id);
    expect([port.project_id, port.fixed_ips.map(({ subnet_id }) => subnet_id)]).toEqual([
      place.projectId,
      place.subnets.map((subnet) => subnet.id),
    ]);
  });

  it.each(elsewhere)(
    'are deleted after a change of %s, and what Pods leave there later, until one asks there again',
    async (_name, newPlace) => {
      const place = await newPlace();
      await endAndBegin();
      await pool.retainPlaces(placesOf(cluster.place), SIGNAL);
      expect(await ids()).toHaveLength(3);
      await pool.retainPlaces(placesOf(place), SIGNAL);
      expect(await ids()).toEqual([staying.id]);
      await pool.releaseVif(staying.podUid, SIGNAL);
      expect(await ids()).toEqual([]);
      const next = cluster.pod();
      await pool.requestVif(next, cluster.place, SIGNAL);
      await pool.releaseVif(next.metadata.uid ?? '', SIGNAL);
      expect(await ids()).toHaveLength(3);
    },
  );

  it('stay where drivers do not know beforehand where Pods are', async () => {
    await endAndBegin();
    await pool.retainPlaces(async () => ({ projects: undefined, subnets: undefined }), SIGNAL);
    expect(await ids()).toHaveLength(3);
  });

  it('stay, and are given, where Neutron has given them an address of another subnet of the network, too', async () => {
    const { network_id = '', id: first = '' } = cluster.place.subnets[0] ?? {};
    // As of every IPv6 subnet whose addresses hosts choose themselves.
    const { id: second } = await anotherSubnet(network_id);
    for (const { id } of await cluster.ports()) {
      const port = where.simulator.neutron.state.ports.get(id);
      if (port === undefined) throw new Error('there is no port');
      const address = { subnet_id: second, ip_address: `10.9.9.${100 + where.simulator.neutron.state.ports.size}` };
      where.simulator.neutron.state.ports.set(id, { ...port, fixed_ips: [...port.fixed_ips, address] });
    }
    await endAndBegin();
    await pool.retainPlaces(placesOf(cluster.place), SIGNAL);
    const { id } = await pool.requestVif(cluster.pod(), cluster.place, SIGNAL);
    expect((await portOf(id)).fixed_ips.map(({ subnet_id }) => subnet_id)).toEqual([first, second]);
    expect(await ids()).toHaveLength(3);
  });

  it('have the security groups of the project where pod_security_groups names none any more', async () => {
    const { neutron } = cluster.cloud;
    const { projectId } = cluster.place;
    const groups = where.simulator.neutron.state.securityGroups;
    const groupOf = async (name: string, project_id: string) => {
      const { id } = await neutron.securityGroups.create({ name });
      const group = groups.get(id);
      if (group !== undefined) groups.set(id, { ...group, project_id });
      return id;
    };
    await groupOf('default', where.facts.users.other.projectId);
    const own = await groupOf('default', projectId);
    const old = await groupOf('old', projectId);
    for (const { id } of await cluster.ports()) await neutron.ports.update(id, { security_groups: [own, old] });
    await endAndBegin();
    const { id } = await pool.requestVif(cluster.pod(), cluster.place, SIGNAL);
    expect((await portOf(id)).security_groups).toEqual([own]);
    expect(await ids()).toHaveLength(3);
  });
});
