import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import { VifCluster } from '@kuryr-l7/plugin/conformance';
import { NestedVlanDriver } from './nested-vlan-driver.js';
import { NeutronVifDriver } from './neutron-vif-driver.js';
import { freeVlans } from './trunks.js';

const SIGNAL = new AbortController().signal;

let where: SimulatedVifCloud;

const onAgent = () => VifCluster.open(where, NeutronVifDriver);
const onTrunk = () => VifCluster.withTrunk(where, NestedVlanDriver);

const made = () =>
  [...where.simulator.neutron.state.ports.values()].filter(({ device_owner }) => device_owner === 'compute:kuryr');

describe('the making of a port', () => {
  beforeEach(async () => {
    where = await simulatedVifCloud();
  });

  afterEach(() => where.close());

  it.each([
    ['after the port', 'POST', onAgent],
    ['before its tag', 'tags', onAgent],
    ['before its tag, for a VLAN', 'tags', onTrunk],
    ['before it is in the trunk', 'add_subports', onTrunk],
  ] as const)('that was broken off %s is gone on with, in another process too', async (_name, at, openCluster) => {
    const cluster = await openCluster();
    const pod = cluster.pod();
    where.simulator.neutron.interference.fail({
      answer: 503,
      moment: at === 'POST' ? 'after' : 'before',
      count: 10,
      matches: ({ method, path }) => (at === 'POST' ? method === 'POST' : path.endsWith(at)),
    });
    await expect(cluster.driver().requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow('503');
    where.simulator.neutron.interference.reset();
    const [port, ...more] = made();
    const driver = cluster.driver();
    expect((await driver.heldVifs(SIGNAL)).map(({ id, podUid }) => [id, podUid])).toEqual([
      [port?.id, pod.metadata.uid],
    ]);
    expect((await driver.requestVif(pod, cluster.place, SIGNAL)).id).toBe(port?.id);
    expect([more, made()]).toEqual([[], [expect.objectContaining({ tags: [`kuryr-cluster=${cluster.id}`] })]]);
  });

  it('that has come true twice leaves the port in use, and deletes the other one', async () => {
    const cluster = await onAgent();
    const pod = cluster.pod();
    const uid = pod.metadata.uid ?? '';
    const vif = await cluster.driver().requestVif(pod, cluster.place, SIGNAL);
    const { ports } = where.simulator.neutron.state;
    const port = ports.get(vif.id);
    if (port === undefined) throw new Error('there is no port');
    // Neutron tells it first.
    ports.delete(vif.id);
    const { activeAt: _, ...late } = { ...port, id: '99f580e6-d894-442a-bc5f-4d14b41e10d2' };
    ports.set(late.id, late);
    ports.set(vif.id, port);
    const driver = cluster.driver();
    expect((await driver.heldVifs(SIGNAL)).map(({ id, podUid }) => [id, podUid])).toEqual([
      [vif.id, uid],
      [late.id, uid],
    ]);
    expect((await driver.vifOf(uid, SIGNAL))?.id).toBe(vif.id);
    expect(made().map(({ id }) => id)).toEqual([vif.id]);
  });

  it('that comes true after the next one has been made leaves nothing when the Pod goes', async () => {
    const cluster = await onAgent();
    const driver = cluster.driver();
    const pod = cluster.pod();
    const uid = pod.metadata.uid ?? '';
    const { interference, state } = where.simulator.neutron;
    interference.fail({ answer: 504, count: 10, matches: ({ method }) => method === 'POST' });
    await expect(driver.requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow('504');
    interference.reset();
    const { id } = await driver.requestVif(pod, cluster.place, SIGNAL);
    const port = state.ports.get(id);
    if (port === undefined) throw new Error('there is no port');
    const late = { ...port, id: '99f580e6-d894-442a-bc5f-4d14b41e10d2', tags: [] };
    state.ports.set(late.id, late);
    expect((await driver.vifOf(uid, SIGNAL))?.id).toBe(id);
    await driver.releaseVifOf(uid, SIGNAL);
    expect(made()).toEqual([]);
  });

  it('that was refused is forgotten with its Pod: nothing is asked for it any more', async () => {
    const cluster = await onAgent();
    const driver = cluster.driver();
    const pod = cluster.pod();
    const uid = pod.metadata.uid ?? '';
    const { interference, traffic } = where.simulator.neutron;
    interference.fail({ answer: 409, count: 10, matches: ({ method }) => method === 'POST' });
    await expect(driver.requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow('409');
    await driver.releaseVifOf(uid, SIGNAL);
    const before = traffic.requests.length;
    await driver.releaseVifOf(uid, SIGNAL);
    expect(traffic.requests.slice(before)).toEqual([]);
  });

  it('takes two requests, and none before them but a list for all', async () => {
    const cluster = await onAgent();
    const driver = cluster.driver();
    await driver.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const { requests } = where.simulator.neutron.traffic;
    const before = requests.length;
    await driver.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const asked = where.simulator.neutron.traffic.requests.slice(before);
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'PUT']);
  });

  it('tries another VLAN where somebody else has taken it meanwhile', async () => {
    const cluster = await onTrunk();
    const { state } = where.simulator.neutron;
    const foreign = await cluster.cloud.neutron.ports.create({ network_id: where.facts.networks.vips.networkId });
    let isTaken = false;
    where.simulator.neutron.interference.fail({
      answer: 409,
      matches: ({ path }) => {
        if (!path.endsWith('add_subports') || isTaken) return false;
        isTaken = true;
        for (const trunk of state.trunks.values()) {
          trunk.sub_ports = [{ port_id: foreign.id, segmentation_type: 'vlan', segmentation_id: 1 }];
        }
        return true;
      },
    });
    const vif = await cluster.driver().requestVif(cluster.pod(), cluster.place, SIGNAL);
    expect(vif).toMatchObject({ className: 'VIFVlanNested', vlan_id: 2 });
  });

  it('goes on with the node’s new trunk where its trunk was deleted and made anew', async () => {
    const cluster = await onTrunk();
    const driver = cluster.driver();
    await driver.requestVif(cluster.pod(), cluster.place, SIGNAL);
    const { neutron } = cluster.cloud;
    const [before] = await neutron.trunks.list();
    if (before === undefined) throw new Error('there is no trunk');
    await neutron.trunks.delete(before.id);
    const { id } = await neutron.trunks.create({ port_id: before.port_id });
    const pod = cluster.pod();
    await expect(driver.requestVif(pod, cluster.place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
    });
    const vif = await driver.requestVif(pod, cluster.place, SIGNAL);
    expect((await neutron.trunks.get(id)).sub_ports.map(({ port_id }) => port_id)).toEqual([vif.id]);
  });

  it('tells which node lacks a port in the subnets of nodes, or a trunk', async () => {
    const cluster = await onTrunk();
    const { neutron } = cluster.cloud;
    const pod = cluster.pod();
    const elsewhere = { ...pod, status: { ...pod.status, hostIP: '192.0.2.1' } };
    const name = pod.spec?.nodeName;
    await expect(cluster.driver().requestVif(elsewhere, cluster.place, SIGNAL)).rejects.toThrow(
      `there is no port with address 192.0.2.1 of node ${name} in [pod_vif_nested] worker_nodes_subnets`,
    );
    for (const { id } of await neutron.trunks.list()) await neutron.trunks.delete(id);
    await expect(cluster.driver().requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow(
      `of node ${name} with address ${pod.status?.hostIP} is not the parent of a trunk`,
    );
  });

  it('begins anew where somebody has deleted the port before it was in the trunk', async () => {
    const cluster = await onTrunk();
    const driver = cluster.driver();
    const pod = cluster.pod();
    const { interference } = where.simulator.neutron;
    interference.fail({ answer: 503, count: 10, matches: ({ path }) => path.endsWith('add_subports') });
    await expect(driver.requestVif(pod, cluster.place, SIGNAL)).rejects.toThrow('503');
    interference.reset();
    const [{ id = '' } = {}] = await cluster.ports();
    await cluster.cloud.neutron.ports.delete(id);
    await expect(driver.requestVif(pod, cluster.place, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
    });
    expect((await driver.requestVif(pod, cluster.place, SIGNAL)).id).not.toBe(id);
  });

  it('gives as many as the trunk has room for, and leaves no port without a VLAN', async () => {
    const cluster = await onTrunk();
    const [trunk] = where.simulator.neutron.state.trunks.values();
    if (trunk === undefined) throw new Error('there is no trunk');
    trunk.sub_ports = Array.from({ length: 4092 }, (_, index) => ({
      port_id: `port-${index}`,
      segmentation_type: 'vlan',
      segmentation_id: index + 1,
    }));
    const driver = cluster.driver();
    const pod = cluster.pod();
    const vifs = await driver.requestVifs(pod, cluster.place, 3, SIGNAL);
    expect(made().map(({ id }) => id)).toEqual(vifs.map(({ id }) => id));
    expect(vifs).toHaveLength(2);
    await expect(driver.requestVifs(pod, cluster.place, 3, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_VIF_UNAVAILABLE',
    });
    expect(made()).toHaveLength(2);
  });

  it('gives the lowest VLANs that are free, and no more than there are', () => {
    expect(freeVlans(new Set([1, 3]), 3)).toEqual([2, 4, 5]);
    const all = new Set(Array.from({ length: 4094 }, (_, index) => index + 1));
    all.delete(4094);
    expect(freeVlans(all, 3)).toEqual([4094]);
  });
});
