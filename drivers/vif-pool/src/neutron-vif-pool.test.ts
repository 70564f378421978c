import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VifCluster } from '../../../test/openstack/pod-vif-cloud.fixture.js';
import { simulatedVifCloud } from '../../../test/openstack/simulated-vif-cloud.fixture.js';
import { FreeVifs } from './free-vifs.js';

const SIGNAL = new AbortController().signal;

let where: Awaited<ReturnType<typeof simulatedVifCloud>>;
let cluster: VifCluster;

async function pool(given: Readonly<Record<string, number>> = {}) {
  const opened = cluster.pool('neutron', cluster.driver(), given);
  await opened.syncPools(() => [], SIGNAL);
  return opened;
}

const posts = () => where.simulator.neutron.traffic.requests.filter(({ method }) => method === 'POST').length;

describe('the pool neutron', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
    cluster = await VifCluster.open(where);
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
    const vifs = await Promise.all([1, 2, 3].map(() => pods.requestVif(cluster.pod(), cluster.place, SIGNAL)));
    for (const vif of vifs) await pods.releaseVif(vif, SIGNAL);
    expect(await cluster.ports()).toHaveLength(1);
    await pods.close?.();
  });

  it('gives nothing before it knows what Pods have', async () => {
    const early = cluster.pool('neutron', cluster.driver());
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

  it('keeps nothing on nodes that are gone, not what Pods leave there later either', async () => {
    const pods = await pool({ ports_pool_batch: 3, ports_pool_min: 1 });
    const vifs = await Promise.all([1, 2].map(() => pods.requestVif(cluster.pod(), cluster.place, SIGNAL)));
    const node = { metadata: { name: 'node-1' } };
    const retain = (...nodes: (typeof node)[]) => pods.retainNodes?.(nodes, SIGNAL);
    await retain(node);
    expect(await cluster.ports()).toHaveLength(3);
    await retain({ metadata: { name: 'node-2' } });
    expect((await cluster.ports()).map(({ id }) => id).sort()).toEqual(vifs.map(({ id }) => id).sort());
    for (const vif of vifs) await pods.releaseVif(vif, SIGNAL);
    expect(await cluster.ports()).toEqual([]);
    const again = await pods.requestVif(cluster.pod(), cluster.place, SIGNAL);
    await pods.releaseVif(again, SIGNAL);
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

  it('tells the Pod why no port could be made', async () => {
    where.simulator.neutron.quotas.set(where.facts.users.member.projectId, { port: 0 });
    const pods = await pool();
    await expect(pods.requestVif(cluster.pod(), cluster.place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_OPENSTACK_QUOTA',
    });
    await pods.close?.();
  });

  it('prefers a port that has the security groups already', () => {
    const free = new FreeVifs();
    free.add({ id: 'a', pool: 'p', securityGroups: ['x'] });
    free.add({ id: 'b', pool: 'p', securityGroups: ['y', 'z'] });
    expect([free.take('p', ['z', 'y'])?.id, free.take('p', ['z'])?.id, free.take('p', [])]).toEqual([
      'b',
      'a',
      undefined,
    ]);
  });
});
