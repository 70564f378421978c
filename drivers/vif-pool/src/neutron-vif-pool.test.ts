import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { settings, VifCluster } from '@kuryr-l7/plugin/conformance';
import { NeutronVifPool } from './neutron-vif-pool.js';
import { PoolFillings } from './pool-fillings.js';

const SIGNAL = new AbortController().signal;

let where: SimulatedVifCloud;
let cluster: VifCluster;

/** As a process has it that begins. */
function newPool(given: Readonly<Record<string, number>> = {}): NeutronVifPool {
  return new NeutronVifPool(cluster.driver(), settings(given), SILENT_LOGGER);
}

async function pool(given: Readonly<Record<string, number>> = {}) {
  const opened = newPool(given);
  await opened.syncPools(() => new Set(), SIGNAL);
  return opened;
}

/** Of its six addresses the router has one, and others two. */
async function subnetWithThreeLeft() {
  const { neutron } = cluster.cloud;
  const { id: network_id } = await neutron.networks.create({ name: 'small' });
  const subnet = await neutron.subnets.create({ network_id, ip_version: 4, cidr: '10.9.9.0/29' });
  for (const _ of [1, 2]) await neutron.ports.create({ network_id });
  return subnet;
}

const posts = () => where.simulator.neutron.traffic.requests.filter(({ method }) => method === 'POST').length;

describe('the pool neutron', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
    cluster = await VifCluster.open(where, NeutronVifDriver);
  });

  afterEach(() => where.close());

  it('makes ports_pool_batch ports in one request, and as many more when fewer than ports_pool_min are left', async () => {
    const pods = await pool({ ports_pool_batch: 4, ports_pool_min: 2, ports_pool_update_frequency: 0 });
    const request = () => pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    await request();
    await request();
    expect([posts(), (await cluster.ports()).length]).toEqual([1, 4]);
    await request();
    // In the background: no Pod waits for it.
    while (posts() < 2) await new Promise(setImmediate);
    await pods.close?.();
  });

  it('keeps no more than ports_pool_max of what Pods leave', async () => {
    const pods = await pool({ ports_pool_batch: 3, ports_pool_min: 1, ports_pool_max: 1 });
    const three = [cluster.pod(), cluster.pod(), cluster.pod()];
    await Promise.all(three.map((pod) => pods.requestVif(pod, cluster.place, SIGNAL)));
    for (const { metadata } of three) await pods.releaseVif(metadata.uid ?? '', SIGNAL);
    expect(await cluster.ports()).toHaveLength(1);
    await pods.close?.();
  });

  it('gives back later what could not be given back at first', async () => {
    const pods = await pool({ ports_pool_batch: 2, ports_pool_min: 1, ports_pool_max: 1 });
    const pod = cluster.pod();
    const uid = pod.metadata.uid ?? '';
    await pods.requestVif(pod, cluster.place, SIGNAL);
    const { interference } = where.simulator.neutron;
    // The pool is full, so that it is deleted.
    interference.fail({ answer: 403, matches: ({ method }) => method === 'DELETE' });
    await expect(pods.releaseVif(uid, SIGNAL)).rejects.toThrow('403');
    expect(await cluster.ports()).toHaveLength(2);
    await pods.releaseVif(uid, SIGNAL);
    expect(await cluster.ports()).toHaveLength(1);
    await pods.close?.();
  });

  it('does not take a port for active that was so for the Pod before', async () => {
    const pods = await pool({ ports_pool_batch: 1, ports_pool_min: 1, ports_pool_update_frequency: 3_600 });
    const first = cluster.pod();
    const given = await pods.requestVif(first, cluster.place, SIGNAL);
    expect((await cluster.cloud.neutron.ports.get(given.id)).status).toBe('ACTIVE');
    await pods.releaseVif(first.metadata.uid ?? '', SIGNAL);
    expect(await pods.requestVif(cluster.pod(), cluster.place, SIGNAL)).toEqual({ ...given, active: false });
    await pods.close?.();
  });

  it('gives nothing before it knows what Pods have', async () => {
    const early = newPool();
    await expect(early.requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
    });
  });

  it('gives a port of other security groups those that the Pod shall have', async () => {
    const pods = await pool();
    const { id } = await cluster.cloud.neutron.securityGroups.create({ name: 'web' });
    await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const vif = await pods.requestVif(cluster.pod(), { ...cluster.place, securityGroups: [id] }, SIGNAL);
    expect((await cluster.cloud.neutron.ports.get(vif.id)).security_groups).toEqual([id]);
    expect(posts()).toBe(2);
    await pods.close?.();
  });

  it('knows which security groups a port was given, for the next Pod that shall have them', async () => {
    const pods = await pool({ ports_pool_batch: 2, ports_pool_min: 1, ports_pool_update_frequency: 3_600 });
    const { id } = await cluster.cloud.neutron.securityGroups.create({ name: 'web' });
    const [plain, grouped] = [cluster.pod(), cluster.pod()];
    const inGroup = { ...cluster.place, securityGroups: [id] };
    await pods.requestVif(plain, cluster.place, SIGNAL);
    const given = await pods.requestVif(grouped, inGroup, SIGNAL);
    for (const { metadata } of [plain, grouped]) await pods.releaseVif(metadata.uid ?? '', SIGNAL);
    expect((await pods.requestVif(cluster.pod(), inGroup, SIGNAL)).id).toBe(given.id);
    await pods.close?.();
  });

  it('keeps nothing on nodes that are gone, not what Pods leave there later either', async () => {
    const pods = await pool({ ports_pool_batch: 3, ports_pool_min: 1 });
    const two = [cluster.pod(), cluster.pod()];
    const vifs = await Promise.all(two.map((pod) => pods.requestVif(pod, cluster.place, SIGNAL)));
    const node = { metadata: { name: 'node-1' } };
    const retain = (...nodes: (typeof node)[]) => pods.retainNodes?.(nodes, SIGNAL);
    await retain(node);
    expect(await cluster.ports()).toHaveLength(3);
    await retain({ metadata: { name: 'node-2' } });
    expect((await cluster.ports()).map(({ id }) => id).sort()).toEqual(vifs.map(({ id }) => id).sort());
    for (const { metadata } of two) await pods.releaseVif(metadata.uid ?? '', SIGNAL);
    expect(await cluster.ports()).toEqual([]);
    const [back] = two;
    if (back === undefined) throw new Error('there is no Pod');
    await pods.requestVif(back, cluster.place, SIGNAL);
    await pods.releaseVif(back.metadata.uid ?? '', SIGNAL);
    expect(await cluster.ports()).toHaveLength(3);
    await pods.close?.();
  });

  it('keeps nothing in a network that it has to leave, and tries again what failed', async () => {
    const pods = await pool({ ports_pool_batch: 3, ports_pool_min: 1 });
    const vif = await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const [{ network_id = '' } = {}] = cluster.place.subnets;
    let left = 1;
    where.simulator.neutron.interference.fail({
      answer: 403,
      matches: ({ method }) => method === 'DELETE' && left-- === 0,
    });
    await pods.leaveNetwork?.('another', SIGNAL);
    await expect(pods.leaveNetwork?.(network_id, SIGNAL)).rejects.toThrow(/403/);
    expect(await cluster.ports()).toHaveLength(2);
    await pods.leaveNetwork?.(network_id, SIGNAL);
    expect((await cluster.ports()).map(({ id }) => id)).toEqual([vif.id]);
    await pods.close?.();
  });

  it('forgets when it was filled last on a node that is gone, and in a network that it has to leave', async () => {
    const pods = await pool({ ports_pool_batch: 1, ports_pool_min: 1, ports_pool_update_frequency: 3_600 });
    await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const [{ network_id: networkId = '', id = '' } = {}] = cluster.place.subnets;
    const { projectId } = cluster.place;
    const there = { node: 'node-1', projectId, networkId, subnetIds: [id], securityGroups: [] };
    const forget = jest.spyOn(PoolFillings.prototype, 'forget');
    const isForgotten = () => forget.mock.lastCall?.[0](there);
    await pods.retainNodes?.([{ metadata: { name: 'node-1' } }], SIGNAL);
    expect(isForgotten()).toBe(false);
    await pods.retainNodes?.([{ metadata: { name: 'node-2' } }], SIGNAL);
    expect(isForgotten()).toBe(true);
    await pods.leaveNetwork?.('another', SIGNAL);
    expect(isForgotten()).toBe(false);
    await pods.leaveNetwork?.(networkId, SIGNAL);
    expect(isForgotten()).toBe(true);
    forget.mockRestore();
    await pods.close?.();
  });

  it('tells the Pod why no port could be made', async () => {
    where.simulator.neutron.quotas.set(where.facts.users.member.projectId, { port: 0 });
    const pods = await pool();
    await expect(pods.requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_OPENSTACK_QUOTA',
    });
    await pods.close?.();
  });

  it.each([
    ['the quota', { port: 3 }, 'ERR_OPENSTACK_QUOTA'],
    ['the subnet', undefined, 'ERR_OPENSTACK_ADDRESSES_EXHAUSTED'],
  ])('makes fewer where %s has less than a batch left, and gives all that there is', async (_what, quota, code) => {
    const { neutron } = where.simulator;
    if (quota !== undefined) neutron.quotas.set(where.facts.users.member.projectId, quota);
    const place = quota === undefined ? { ...cluster.place, subnets: [await subnetWithThreeLeft()] } : cluster.place;
    const pods = await pool({ ports_pool_update_frequency: 0 });
    const vifs = [];
    for (const _ of [1, 2, 3]) vifs.push(await pods.requestVif(cluster.pod(), place, SIGNAL));
    expect(new Set(vifs.map(({ id }) => id)).size).toBe(3);
    await expect(pods.requestVif(cluster.pod(), place, SIGNAL)).rejects.toMatchObject({ code });
    await pods.close?.();
  });

  it.each([
    ['neutron-vif', () => cluster, []],
    // Its VLAN is another one where the trunk was made anew.
    ['nested-vlan', () => VifCluster.withTrunk(where, NestedVlanDriver), ['GET /v2.0/trunks/<id>']],
  ])(
    'writes whose a port is in the one write that a Pod takes, and asks nothing after a restart: %s',
    async (_kind, openCluster, more) => {
      cluster = await openCluster();
      const opened = newPool();
      await opened.syncPools(() => new Set(), SIGNAL);
      const { traffic } = where.simulator.neutron;
      const trunkLists = traffic.requests.filter(({ path }) => path === '/v2.0/trunks').length;
      await opened.requestVif(cluster.pod(), cluster.place, SIGNAL);
      const before = traffic.requests.length;
      const pod = cluster.pod();
      const uid = pod.metadata.uid ?? '';
      const { id } = await opened.requestVif(pod, cluster.place, SIGNAL);
      const asked = traffic.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
      const isTrunk = /(?<=trunks\/).+/;
      expect(asked.map((one) => one.replace(isTrunk, '<id>'))).toEqual([`PUT /v2.0/ports/${id}`, ...more]);
      expect(traffic.requests.filter(({ path }) => path === '/v2.0/trunks')).toHaveLength(trunkLists);
      expect((await cluster.cloud.neutron.ports.get(id)).description).toBe(
        `kuryr-cluster=${cluster.id} kuryr-pod=${uid}`,
      );
      await opened.close?.();
      const after = newPool();
      await after.syncPools(() => new Set([uid]), SIGNAL);
      await after.vifOf(uid, SIGNAL);
      const since = traffic.requests.length;
      expect((await after.vifOf(uid, SIGNAL))?.id).toBe(id);
      expect(traffic.requests.slice(since)).toEqual([]);
      await after.close?.();
    },
  );

  it.each(['before', 'after'] as const)(
    'gives the Pod the same port again where it is not known whether Neutron has written it: broken off %s',
    async (moment) => {
      const pods = await pool();
      await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
      where.simulator.neutron.interference.fail({
        answer: 503,
        moment,
        count: 10,
        matches: ({ method }) => method === 'PUT',
      });
      const pod = cluster.pod();
      await expect(pods.requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow('503');
      where.simulator.neutron.interference.reset();
      const others = await Promise.all([1, 2, 3].map(() => pods.requestVif(cluster.pod(), cluster.place, SIGNAL)));
      const { id } = await pods.requestVif(pod, cluster.place, SIGNAL);
      expect(others.map((vif) => vif.id)).not.toContain(id);
      const said = (await cluster.ports()).filter(({ description }) => description.endsWith(`=${pod.metadata.uid}`));
      expect(said.map((port) => port.id)).toEqual([id]);
      await pods.close?.();
    },
  );

  it('has each free port once, where taking in what there is was broken off and begun again', async () => {
    const before = await pool({ ports_pool_batch: 3, ports_pool_min: 1 });
    await before.requestVif(cluster.pod(), cluster.place, SIGNAL);
    await before.close?.();
    const after = newPool({ ports_pool_min: 1, ports_pool_batch: 1 });
    const breakOff = () => {
      throw new Error('the cache of Pods is not there');
    };
    await after.syncPools(() => new Set(), SIGNAL);
    await expect(after.syncPools(breakOff, SIGNAL)).rejects.toThrow('not there');
    await after.syncPools(() => new Set(), SIGNAL);
    const vifs = await Promise.all([1, 2, 3, 4].map(() => after.requestVif(cluster.pod(), cluster.place, SIGNAL)));
    expect(new Set(vifs.map(({ id }) => id)).size).toBe(4);
    await after.close?.();
  });

  it('makes no more ports each time that they do not get into the trunk of the node', async () => {
    cluster = await VifCluster.withTrunk(where, NestedVlanDriver);
    const pods = await pool({ ports_pool_batch: 3, ports_pool_min: 1 });
    const { interference } = where.simulator.neutron;
    interference.fail({ answer: 403, count: 1_000, matches: ({ path }) => path.endsWith('add_subports') });
    const request = () => pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    for (let attempt = 0; attempt < 4; attempt += 1) await expect(request()).rejects.toThrow('403');
    expect((await cluster.ports()).length).toBeLessThanOrEqual(3);
    interference.reset();
    await request();
    expect(await cluster.ports()).toHaveLength(3);
    await pods.close?.();
  });
});
