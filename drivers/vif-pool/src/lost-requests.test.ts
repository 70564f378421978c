import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { settings, VifCluster } from '@kuryr-l7/plugin/conformance';
import { NeutronVifPool } from './neutron-vif-pool.js';

const SIGNAL = new AbortController().signal;

let where: SimulatedVifCloud;
let cluster: VifCluster;

const onAgent = () => VifCluster.open(where, NeutronVifDriver);
const onTrunk = () => VifCluster.withTrunk(where, NestedVlanDriver);

async function poolOf(opened: VifCluster): Promise<NeutronVifPool> {
  cluster = opened;
  const configuration = settings({ ports_pool_batch: 4, ports_pool_min: 2 });
  const pool = new NeutronVifPool(cluster.driver(), configuration, SILENT_LOGGER);
  await pool.syncPools(() => new Set(), SIGNAL);
  return pool;
}

/** Those whose tags were not written too. */
const made = () => {
  const start = `kuryr-cluster=${cluster.id}`;
  return [...where.simulator.neutron.state.ports.values()].filter(({ description }) => description.startsWith(start));
};

const posts = () =>
  where.simulator.neutron.traffic.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/ports'));

/** The making of ports answers 503 as often, and has come true. */
function loseAnswers(count: number): void {
  where.simulator.neutron.interference.fail({
    answer: 503,
    moment: 'after',
    count,
    matches: ({ method, path }) => method === 'POST' && path.endsWith('/ports'),
  });
}

describe('ports of a pool of whose making nobody knows how far it went', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
  });

  afterEach(() => where.close());

  it.each([
    ['neutron-vif', onAgent, 1],
    // In no trunk: of no use, and deleted.
    ['nested-vlan', onTrunk, 2],
  ])('are found before more are made: %s', async (_name, openCluster, requests) => {
    const pods = await poolOf(await openCluster());
    const pod = cluster.pod();
    const before = posts().length;
    loseAnswers(1);
    await expect(pods.requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow('503');
    expect(made()).toHaveLength(4);
    const { id } = await pods.requestVif(pod, cluster.place, SIGNAL);
    expect(made().map((port) => port.id)).toContain(id);
    expect(made()).toHaveLength(4);
    expect(posts().length - before).toBe(requests);
    await pods.close?.();
  });

  it('are each one Pod’s, however many ask at once', async () => {
    const pods = await poolOf(await onAgent());
    loseAnswers(1);
    await expect(pods.requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toThrow('503');
    const vifs = await Promise.all(
      Array.from({ length: 7 }, () => pods.requestVif(cluster.pod(), cluster.place, SIGNAL)),
    );
    expect(new Set(vifs.map(({ id }) => id)).size).toBe(7);
    await pods.close?.();
    expect(made().length).toBeLessThanOrEqual(12);
  });

  it('go with the network, also before any Pod asks again', async () => {
    const pods = await poolOf(await onAgent());
    loseAnswers(1);
    await expect(pods.requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toThrow('503');
    const [{ network_id = '' } = {}] = cluster.place.subnets;
    await pods.leaveNetwork(network_id, SIGNAL);
    expect(made()).toEqual([]);
    await pods.close?.();
  });

  it('go with the node, also before any Pod asks again', async () => {
    const pods = await poolOf(await onAgent());
    loseAnswers(1);
    await expect(pods.requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toThrow('503');
    await pods.retainNodes([], SIGNAL);
    expect(made()).toEqual([]);
    await pods.close?.();
  });

  it('are not taken for more than they are, where others are ready', async () => {
    const pods = await poolOf(await onAgent());
    const request = () => pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const given = [await request(), await request()];
    const { cloud, place } = cluster;
    const network = await cloud.neutron.networks.create({ name: 'another' });
    const subnet = await cloud.neutron.subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.9.9.0/24' });
    loseAnswers(1);
    await expect(pods.requestVif(cluster.pod(), { ...place, subnets: [subnet] }, SIGNAL)).rejects.toThrow('503');
    await pods.leaveNetwork(network.id, SIGNAL);
    for (const _ of [1, 2, 3]) given.push(await request());
    expect(new Set(given.map(({ id }) => id)).size).toBe(5);
    await pods.close?.();
  });

  it.each([
    ['tagged with their Pod', onAgent, { requests: 1, ports: 4 }],
    ['deleted, in no trunk', onTrunk, { requests: 2, ports: 6 }],
  ])('are used but for those whose tags could not be written: they are %s', async (_name, openCluster, expected) => {
    const pods = await poolOf(await openCluster());
    where.simulator.neutron.interference.fail({
      answer: 403,
      count: 2,
      matches: ({ method, path }) => method === 'PUT' && path.endsWith('/tags'),
    });
    const before = posts().length;
    for (const _ of [1, 2, 3, 4]) await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    expect({ requests: posts().length - before, ports: made().length }).toEqual(expected);
    expect(made().every(({ tags }) => tags.includes(`kuryr-cluster=${cluster.id}`))).toBe(true);
    await pods.close?.();
  });
});
