import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { NeutronVifPool, NoopVifPool } from '@kuryr-l7/driver-vif-pool';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { POD_STATE, parsePayload, VIF_ANNOTATION, type Vif } from '@kuryr-l7/kuryr-objects';
import type { Cloud } from '@kuryr-l7/openstack';
import {
  type OpenVifPool,
  podVifDriverConformance,
  settings,
  type VifCloud,
  VifCluster,
  vifPoolDriverConformance,
} from '@kuryr-l7/plugin/conformance';
import { eventually, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { NetworkAgent } from './bed/network-agent.js';
import { Rest } from './bed/rest.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';
import { tokenByPassword } from './service-requests.fixture.js';

const HOST = 'node-1';
const CLUSTER_ID = `pods-${process.pid}`;
const PODS = { group: '', version: 'v1', plural: 'pods', namespace: 'default' } as const;
const EVENTS = { group: 'events.k8s.io', version: 'v1', plural: 'events', namespace: 'default' } as const;
/** Milliseconds, on a machine with much else to do. */
const LONG = 120_000;

let where: VifCloud;
let agent: NetworkAgent;

beforeAll(async () => {
  agent = await NetworkAgent.start([HOST]);
  where = { facts, cloud: await realCloud(facts.users.admin), host: HOST };
});

afterAll(async () => {
  where?.cloud.close();
  await agent?.stop();
});

const FEW = settings({ ports_pool_batch: 4, ports_pool_min: 2 });
const noop: OpenVifPool = (vifs) => new NoopVifPool(vifs);
const neutron: OpenVifPool = (vifs) => new NeutronVifPool(vifs, FEW, SILENT_LOGGER);
const ofNeutron = () => VifCluster.open(where, NeutronVifDriver);
const nested = () => VifCluster.withTrunk(where, NestedVlanDriver);

for (const [name, openCluster] of [
  ['neutron-vif', ofNeutron],
  ['nested-vlan', nested],
] as const) {
  podVifDriverConformance({ name, open: async () => (await openCluster()).opened() }, { describe, it });
}

for (const [name, openPool, openCluster] of [
  ['noop, of neutron-vif', noop, ofNeutron],
  ['neutron, of neutron-vif', neutron, ofNeutron],
  ['neutron, of nested-vlan', neutron, nested],
] as const) {
  vifPoolDriverConformance({ name, open: async () => (await openCluster()).openedPool(openPool) }, { describe, it });
}

describe('VIFs of Pods on a real Neutron', () => {
  it('are bound to the node by its agent, and say so', async () => {
    const cluster = await ofNeutron();
    try {
      const vif = await cluster.driver().requestVif(cluster.pod(), cluster.place, new AbortController().signal);
      expect(vif).toMatchObject({
        className: 'VIFOpenVSwitch',
        plugin: 'ovs',
        bridge_name: 'br-int',
        has_traffic_filtering: true,
        network: { label: 'vips', mtu: 1450, bridge: 'br-int' },
      });
      const [port] = await cluster.ports();
      expect(port).toMatchObject({
        'binding:host_id': HOST,
        device_owner: 'compute:kuryr',
        project_id: cluster.place.projectId,
      });
    } finally {
      await cluster.close();
    }
  });

  it('are refused, with what to look for, where no agent serves the node, and leave no port', async () => {
    const cluster = await VifCluster.open({ ...where, host: 'nobody-here' }, NeutronVifDriver);
    try {
      const requested = cluster.driver().requestVif(cluster.pod(), cluster.place, new AbortController().signal);
      await expect(requested).rejects.toMatchObject({
        code: 'ERR_VIF_UNAVAILABLE',
        message: expect.stringContaining("Neutron can't bind a port to node nobody-here"),
      });
      expect(await cluster.ports()).toEqual([]);
    } finally {
      await cluster.close();
    }
  });
});

describe('Pods of a whole controller on a real Neutron', () => {
  let project: OwnProject;
  let cloud: Cloud;
  let rest: Rest;
  let cluster: TestCluster;
  let networkId: string;
  let subnetId: string;

  const startController = () => {
    const { username, password, projectId } = project.login;
    return cluster.startController({
      OS_KUBERNETES__ENABLED_HANDLERS: 'vif',
      OS_INGRESS__CLUSTER_ID: CLUSTER_ID,
      OS_NEUTRON__AUTH_TYPE: 'password',
      OS_NEUTRON__AUTH_URL: facts.authUrl,
      OS_NEUTRON__USERNAME: username,
      OS_NEUTRON__USER_DOMAIN_NAME: 'Default',
      OS_NEUTRON__PASSWORD: password,
      OS_NEUTRON__PROJECT_ID: projectId,
      OS_NEUTRON__REGION_NAME: facts.region,
      OS_NEUTRON_DEFAULTS__PROJECT: projectId,
      OS_NEUTRON_DEFAULTS__POD_SUBNET: subnetId,
    });
  };

  const createPod = (name: string) => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name } };
    const spec = { nodeName: HOST, containers: [{ name, image: name }] };
    cluster.client.patch({ ...PODS, name }, 'apply', { ...object, spec }, { fieldManager: 'test', force: true });
  };
  const deletePod = (name: string) => cluster.client.delete({ ...PODS, name }, { gracePeriodSeconds: 0 });

  const activeVif = (name: string): Promise<Vif> =>
    eventually(() => {
      const text = cluster.client.get({ ...PODS, name }).metadata.annotations?.[VIF_ANNOTATION] ?? '';
      const { default_vif: vif } = parsePayload(POD_STATE, text);
      expect(vif.active).toBe(true);
      return vif;
    }, LONG);

  const told = (name: string, reason: string) =>
    eventually(() => {
      expect(cluster.client.list(EVENTS).items).toContainEqual(
        expect.objectContaining({ reason, regarding: expect.objectContaining({ kind: 'Pod', name }) }),
      );
    }, LONG);

  const portIds = async () => (await cloud.neutron.ports.list({ network_id: networkId })).map(({ id }) => id);

  beforeAll(async () => {
    project = await OwnProject.create(facts, CLUSTER_ID);
    // Who binds ports to hosts has to be an administrator.
    await project.grant('admin');
    cloud = await realCloud(project.login);
    rest = new Rest(`${facts.endpoints.network}/v2.0`, await tokenByPassword(facts, facts.users.admin));
    networkId = (await cloud.neutron.networks.create({ name: 'pods' })).id;
    // Room for one Pod, beside the gateway.
    const range = { cidr: '10.59.1.0/30', ip_version: 4, enable_dhcp: false } as const;
    subnetId = (await cloud.neutron.subnets.create({ ...range, network_id: networkId, name: 'pods' })).id;
    cluster = await TestCluster.withoutController();
  }, LONG);

  afterAll(async () => {
    await cluster.stop();
    for (const id of await portIds()) await cloud.neutron.ports.delete(id);
    await cloud.neutron.networks.delete(networkId);
    cloud.close();
    await project.remove();
  }, LONG);

  it(
    'are told that no address is free and that the quota is used up, get what others leave, also while nobody looks, and leave none',
    async () => {
      await startController();
      createPod('first');
      const first = await activeVif('first');
      createPod('second');
      await told('second', 'NoFreeAddress');
      // Neutron asks for the quota before it looks for an address, and counts ports that are just being asked for.
      const quota = { quota: { port: 1 } };
      await eventually(() => rest.request('PUT', `/quotas/${project.login.projectId}`, quota), LONG);
      await told('second', 'PortQuotaExceeded');
      expect(await portIds()).toEqual([first.id]);
      deletePod('first');
      const second = await activeVif('second');
      expect(await portIds()).toEqual([second.id]);

      await cluster.stopController();
      deletePod('second');
      createPod('third');
      await startController();
      const third = await activeVif('third');
      expect(await portIds()).toEqual([third.id]);
      deletePod('third');
      await eventually(async () => expect(await portIds()).toEqual([]), LONG);
    },
    4 * LONG,
  );
});
