import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POD_STATE, type PodState, parsePayload, VIF_ANNOTATION } from '@kuryr-l7/kuryr-objects';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { eventually, TestCluster } from './test-cluster.fixture.js';

const PODS = { group: '', version: 'v1', plural: 'pods', namespace: 'default' } as const;
const NODES = { group: '', version: 'v1', plural: 'nodes', namespace: '' } as const;
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', namespace: '' } as const;

let simulator: OpenStackSimulator;
let cluster: TestCluster;

/** Of a Pod. */
function eventsOf(name: string) {
  const kind = { group: 'events.k8s.io', version: 'v1', plural: 'events', namespace: 'default' };
  return cluster.client.list(kind).items.filter(({ metadata }) => metadata.name.startsWith(`${name}.`));
}

const ports = () =>
  [...simulator.neutron.state.ports.values()].filter(({ device_owner }) => device_owner === 'compute:kuryr');

/** A Pod that a scheduler has put on a node of another kind, where nothing of the playground runs it. */
function createPod(
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  namespace = 'default',
  annotations: Readonly<Record<string, string>> = {},
): void {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'web' }], ...spec },
  };
  cluster.client.patch({ ...PODS, namespace, name }, 'apply', object, { fieldManager: 'test', force: true });
}

/** As anybody may who may change the Pod; null removes the annotation. */
function writeAnnotation(name: string, text: string | null): void {
  const metadata = { annotations: { [VIF_ANNOTATION]: text } };
  cluster.client.patch({ ...PODS, name }, 'merge', { metadata });
}

function createNamespace(name: string): void {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  cluster.client.patch({ ...NAMESPACES, name }, 'apply', object, { fieldManager: 'test', force: true });
}

/** At once: no kubelet runs that would end it. */
const deletePod = (name: string, namespace = 'default') =>
  cluster.client.delete({ ...PODS, namespace, name }, { gracePeriodSeconds: 0 });

function stateOf(name: string): PodState | undefined {
  const text = cluster.client.get({ ...PODS, name }).metadata.annotations?.[VIF_ANNOTATION];
  return text === undefined ? undefined : parsePayload(POD_STATE, text);
}

const activeVif = (name: string) =>
  eventually(() => {
    const state = stateOf(name);
    expect(state?.default_vif.active).toBe(true);
    return state?.default_vif;
  });

const start = (settings: Readonly<Record<string, string>> = {}) =>
  cluster.startController({
    OS_KUBERNETES__ENABLED_HANDLERS: 'vif,lb,lbaasspec,ingresslb',
    OS_INGRESS__CLUSTER_ID: 'pods',
    OS_NEUTRON__AUTH_TYPE: 'password',
    OS_NEUTRON__AUTH_URL: simulator.authUrl,
    OS_NEUTRON__USERNAME: simulator.facts.users.admin.username,
    OS_NEUTRON__USER_DOMAIN_NAME: 'Default',
    OS_NEUTRON__PASSWORD: simulator.facts.users.admin.password,
    OS_NEUTRON__PROJECT_ID: simulator.facts.users.admin.projectId,
    OS_NEUTRON_DEFAULTS__PROJECT: simulator.facts.users.member.projectId,
    OS_NEUTRON_DEFAULTS__POD_SUBNET: simulator.facts.networks.nodes.subnetId,
    OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: simulator.facts.networks.vips.subnetId,
    ...settings,
  });

describe('enabled_handlers = vif,lb,lbaasspec,ingresslb', () => {
  beforeAll(async () => {
    simulator = await startOpenStackSimulator();
    simulator.neutron.agents.hosts.add('node-1');
    cluster = await TestCluster.withoutController();
    await start();
  });

  afterAll(async () => {
    await cluster?.stop();
    await simulator?.close();
  });

  it('gives a Pod a port of Neutron, and deletes it with the Pod', async () => {
    createPod('web');
    const vif = await activeVif('web');
    expect(ports()).toEqual([
      expect.objectContaining({
        id: vif?.id,
        host: 'node-1',
        project_id: simulator.facts.users.member.projectId,
        tags: ['kuryr-cluster=pods'],
      }),
    ]);
    deletePod('web');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('tells on a Pod that the quota is used up, in one Event however often it tries, and gives it a port once it can', async () => {
    const { projectId } = simulator.facts.users.member;
    const refusals = () => simulator.neutron.traffic.requests.filter(({ status }) => status === 409).length;
    simulator.neutron.quotas.set(projectId, { port: 0 });
    createPod('late');
    await eventually(() => expect(eventsOf('late')).toHaveLength(1));
    await eventually(() => expect(refusals()).toBeGreaterThan(2));
    expect(eventsOf('late')).toEqual([
      expect.objectContaining({
        reason: 'PortQuotaExceeded',
        note: expect.stringMatching(/Quota exceeded for resources: \['port'\].: delete some/),
      }),
    ]);
    expect(stateOf('late')).toBeUndefined();
    simulator.neutron.quotas.delete(projectId);
    await activeVif('late');
    deletePod('late');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('tells on a Pod that no address is free, and gives it that of the next Pod that goes', async () => {
    const { context, state } = simulator.neutron;
    const networkId = simulator.facts.networks.nodes.networkId;
    const [like] = state.subnetsOf(networkId);
    if (like === undefined) throw new Error('there is no subnet');
    // Of its two addresses the gateway has one.
    const small = { ...like, ...context.newborn(like.project_id), cidr: '10.9.9.0/30', gateway_ip: '10.9.9.1' };
    state.subnets.set(small.id, small);
    await cluster.stopController();
    await start({ OS_NEUTRON_DEFAULTS__POD_SUBNET: small.id });
    createPod('first');
    await activeVif('first');
    createPod('second');
    const told = expect.objectContaining({ reason: 'NoFreeAddress' });
    await eventually(() => expect(eventsOf('second')).toEqual([told]));
    deletePod('first');
    await activeVif('second');
    deletePod('second');
    await eventually(() => expect(ports()).toEqual([]));
    await cluster.stopController();
    state.subnets.delete(small.id);
    await start();
  });

  it('leaves Pods on the network of their node alone', async () => {
    createPod('host', { hostNetwork: true });
    createPod('own');
    await activeVif('own');
    expect(stateOf('host')).toBeUndefined();
    deletePod('host');
    deletePod('own');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('after a stop, keeps what Pods have, and releases what vanished ones have left, nobody else’s', async () => {
    createPod('staying');
    createPod('leaving');
    const [staying] = await Promise.all([activeVif('staying'), activeVif('leaving')]);
    await cluster.stopController();
    deletePod('leaving');
    const [port] = ports();
    if (port === undefined) throw new Error('there is no port');
    const foreign = {
      ...port,
      id: 'f0e1d2c3-0000-4000-8000-000000000000',
      tags: [],
      description: 'kuryr-cluster=another',
    };
    simulator.neutron.state.ports.set(foreign.id, foreign);
    await start();
    await eventually(() =>
      expect(
        ports()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([foreign.id, staying?.id].sort()),
    );
    expect((await activeVif('staying'))?.id).toBe(staying?.id);
    simulator.neutron.state.ports.delete(foreign.id);
    deletePod('staying');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('after a stop, gives new Pods ports though Neutron does not delete what a vanished one has left, until it does', async () => {
    createPod('vanishing');
    const left = await activeVif('vanishing');
    await cluster.stopController();
    deletePod('vanishing');
    const { interference } = simulator.neutron;
    interference.fail({ answer: 409, count: 1_000, matches: ({ method }) => method === 'DELETE' });
    await start();
    createPod('new');
    const vif = await activeVif('new');
    expect(
      ports()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([left?.id, vif?.id].sort());
    interference.reset();
    await eventually(() => expect(ports().map(({ id }) => id)).toEqual([vif?.id]));
    deletePod('new');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('gives nobody the port of another Pod for an annotation that is copied from it', async () => {
    createPod('victim');
    const victim = await activeVif('victim');
    const { annotations: copied = {} } = cluster.client.get({ ...PODS, name: 'victim' }).metadata;
    createPod('copy', {}, 'default', copied);
    const own = await eventually(() => {
      const vif = stateOf('copy')?.default_vif;
      expect([vif?.id === victim?.id, vif?.active]).toEqual([false, true]);
      return vif;
    });
    writeAnnotation('copy', copied[VIF_ANNOTATION] ?? null);
    await eventually(() => expect(stateOf('copy')?.default_vif).toEqual(own));
    await cluster.stopController();
    writeAnnotation('copy', copied[VIF_ANNOTATION] ?? null);
    await start();
    await eventually(() => expect(stateOf('copy')?.default_vif).toEqual(own));
    deletePod('copy');
    await eventually(() => expect(ports().map(({ id }) => id)).toEqual([victim?.id]));
    deletePod('victim');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('finds a port that was made and not written down when the controller was killed', async () => {
    const { interference } = simulator.neutron;
    interference.fail({ answer: 503, moment: 'after' });
    createPod('half');
    const vif = await activeVif('half');
    expect(ports().map(({ id }) => id)).toEqual([vif?.id]);
    deletePod('half');
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('with vif_pool_driver = neutron takes ports that were made ten in a request', async () => {
    await cluster.stopController();
    await start({ OS_KUBERNETES__VIF_POOL_DRIVER: 'neutron' });
    const posts = () => simulator.neutron.traffic.requests.filter(({ method }) => method === 'POST').length;
    const before = posts();
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) createPod(name);
    const vifs = await Promise.all(names.map(activeVif));
    expect(new Set(vifs.map((vif) => vif?.id)).size).toBe(5);
    expect(posts() - before).toBe(1);
    expect(ports()).toHaveLength(10);
    await cluster.stopController();
    for (const name of names) writeAnnotation(name, null);
    deletePod('e');
    await start({ OS_KUBERNETES__VIF_POOL_DRIVER: 'neutron' });
    const kept = names.slice(0, 4);
    for (const [index, name] of kept.entries()) expect((await activeVif(name))?.id).toBe(vifs[index]?.id);
    createPod('f');
    const keptIds = vifs.slice(0, 4).map((vif) => vif?.id);
    expect(keptIds).not.toContain((await activeVif('f'))?.id);
    for (const name of [...kept, 'f']) deletePod(name);
    await cluster.stopController();
    await start();
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('deletes what was ready in the network of another pod_subnet', async () => {
    const { nodes, vips } = simulator.facts.networks;
    const pool = { OS_KUBERNETES__VIF_POOL_DRIVER: 'neutron' };
    const networks = () => new Set(ports().map(({ network_id }) => network_id));
    cluster.client.create(NODES, '', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } });
    await cluster.stopController();
    await start(pool);
    createPod('before');
    await activeVif('before');
    expect(networks()).toEqual(new Set([nodes.networkId]));
    await cluster.stopController();
    await start({ ...pool, OS_NEUTRON_DEFAULTS__POD_SUBNET: vips.subnetId });
    createPod('after');
    await activeVif('after');
    await eventually(() => expect(ports().filter(({ network_id }) => network_id === nodes.networkId)).toHaveLength(1));
    deletePod('before');
    await eventually(() => expect(networks()).toEqual(new Set([vips.networkId])));
    deletePod('after');
    cluster.client.delete({ ...NODES, name: 'node-1' });
    await eventually(() => expect(ports()).toEqual([]));
  });

  it('deletes the network of a namespace after it, with the ports that were ready there', async () => {
    const { context, state } = simulator.neutron;
    const poolId = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
    const pool = {
      ...context.newborn(simulator.facts.users.admin.projectId),
      id: poolId,
      name: 'pods',
      description: '',
    };
    state.subnetPools.set(poolId, { ...pool, prefixes: ['10.55.0.0/16'], default_prefixlen: 24 });
    await cluster.stopController();
    await start({
      OS_KUBERNETES__VIF_POOL_DRIVER: 'neutron',
      OS_KUBERNETES__POD_SUBNETS_DRIVER: 'namespace',
      OS_NAMESPACE_SUBNET__POD_SUBNET_POOL: poolId,
      OS_NAMESPACE_SUBNET__POD_ROUTER: simulator.facts.routerId,
    });
    const networks = () => [...state.networks.values()].filter(({ tags }) => tags.includes('kuryr-cluster=pods'));
    createNamespace('shop');
    createPod('web', {}, 'shop');
    await eventually(() => expect(ports().map(({ activeAt }) => activeAt !== undefined)).toContain(true));
    expect(networks().map(({ name }) => name)).toEqual(['ns/shop-net']);
    deletePod('web', 'shop');
    cluster.client.delete({ ...NAMESPACES, name: 'shop' });
    await eventually(() => expect([ports(), networks()]).toEqual([[], []]));
  });
});
