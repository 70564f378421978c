import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NamespaceSubnetsDriver } from '@kuryr-l7/driver-namespace-subnets';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import { settings } from '@kuryr-l7/plugin/conformance';
import { Program } from '../end-to-end/program.fixture.js';
import { service } from '../end-to-end/service-cloud.fixture.js';
import { everythingIn, serviceSettings } from '../end-to-end/service-settings.fixture.js';
import { eventually, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { NetworkAgent } from './bed/network-agent.js';
import { type Entity, Rest } from './bed/rest.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';
import { tokenByPassword } from './service-requests.fixture.js';

const CLUSTER_ID = `cleanup-${process.pid}`;
const TAG = `kuryr-cluster=${CLUSTER_ID}`;
const HOST = 'cleanup-node';
const SERVICES = 6;
const LONG = 180_000;
const NEVER = new AbortController().signal;

let project: OwnProject;
let cloud: Cloud;
let cluster: TestCluster;
const programs: Program[] = [];

function program(...args: readonly string[]): Program {
  const started = new Program(args, {
    OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
    OS_LOCAL_ROUTER__HTTP_PORT: '0',
    OS_HEALTH_SERVER__PORT: '-1',
    ...serviceSettings(facts, project.login, CLUSTER_ID),
  });
  programs.push(started);
  return started;
}

beforeAll(async () => {
  project = await OwnProject.create(facts, CLUSTER_ID);
  cloud = await realCloud(project.login);
  cluster = await TestCluster.withoutController();
  // Neutron makes a project's own group when it is first asked for one.
  await cloud.neutron.securityGroups.list();
  // Strangers: an address, a group, and a load balancer that is called like ours.
  await cloud.neutron.floatingIps.create({ floating_network_id: facts.networks.floating.networkId });
  await cloud.neutron.securityGroups.create({ name: `k8s_svc_${CLUSTER_ID}_default_web-1` });
  const { id } = await cloud.octavia.loadBalancers.create({
    name: 'default/web-1',
    vip_subnet_id: facts.networks.vips.subnetId,
  });
  await eventually(async () => {
    expect(await cloud.octavia.loadBalancers.get(id)).toMatchObject({ provisioning_status: 'ACTIVE' });
  }, LONG);
}, LONG);

afterAll(async () => {
  await Promise.all(programs.map((one) => one.end()));
  await cluster.stop();
  const { octavia, neutron } = cloud;
  await eventually(async () => {
    for (const { id } of await octavia.loadBalancers.list()) await octavia.loadBalancers.delete(id, { cascade: true });
    expect(await octavia.loadBalancers.list()).toEqual([]);
  }, LONG);
  for (const { id } of await neutron.floatingIps.list()) await neutron.floatingIps.delete(id);
  for (const { id, name } of await neutron.securityGroups.list()) {
    if (name !== 'default') await neutron.securityGroups.delete(id);
  }
  cloud.close();
  await project.remove();
}, LONG);

describe('kuryr-l7 cleanup on a real OpenStack', () => {
  it(
    'after the controller was killed among its Services leaves nothing of them, and everything else as it was',
    async () => {
      const before = await everythingIn(cloud);
      for (let index = 0; index < SERVICES; index += 1) {
        cluster.apply(service(`web-${index}`, { type: 'LoadBalancer', ports: [{ port: 80 }] }));
      }
      const controller = program('run');
      const tagged = { tags: [TAG] };
      // Some in effect and with an address, others on their way.
      await eventually(async () => expect(await cloud.neutron.floatingIps.list(tagged)).not.toEqual([]), LONG);
      await controller.end();
      expect(await cloud.octavia.loadBalancers.list(tagged)).not.toEqual([]);

      expect(await program('cleanup', '--yes').outcome).toMatchObject({
        status: 0,
        text: expect.stringMatching(/load balancer default\/web-\d .*is gone/),
      });
      expect(await everythingIn(cloud)).toEqual(before);
    },
    2 * LONG,
  );
});

describe('kuryr-l7 cleanup on a real Neutron', () => {
  let rest: Rest;
  let admin: Cloud;
  let agent: NetworkAgent;
  const undo: (() => Promise<unknown>)[] = [];

  async function made(kind: string, attributes: Readonly<Record<string, unknown>>): Promise<string> {
    const answer = await rest.request('POST', `/${kind}s`, { [kind]: attributes });
    const { id } = answer[kind] as Entity;
    undo.push(() => rest.request('DELETE', `/${kind}s/${id}`));
    return id;
  }

  beforeAll(async () => {
    rest = new Rest(`${facts.endpoints.network}/v2.0`, await tokenByPassword(facts, project.login));
    admin = await realCloud(facts.users.admin);
    agent = await NetworkAgent.start([HOST]);
  }, LONG);

  afterAll(async () => {
    for (const one of undo.reverse()) await one();
    admin.close();
    await agent.stop();
  }, LONG);

  it(
    'deletes ports of Pods, VLANs of a trunk, networks of namespaces, and what got no tags any more',
    async () => {
      const { neutron } = cloud;
      const { projectId } = project.login;
      const pool = await made('subnetpool', { name: 'pods', prefixes: ['10.57.0.0/16'], default_prefixlen: 24 });
      const router = await made('router', { name: 'pods' });
      const nodeNetwork = await made('network', { name: 'nodes' });
      const nodeSubnet = await made('subnet', { network_id: nodeNetwork, ip_version: 4, cidr: '10.58.0.0/24' });
      const node = await neutron.ports.create({ network_id: nodeNetwork });
      undo.push(() => neutron.ports.delete(node.id));
      const trunk = await neutron.trunks.create({ port_id: node.id });
      undo.push(() => neutron.trunks.delete(trunk.id));
      // Like ours, and of another cluster.
      const stranger = { network_id: nodeNetwork, device_owner: 'compute:kuryr', description: `${TAG}0` };
      const { id: strange } = await neutron.ports.create(stranger);
      undo.push(() => neutron.ports.delete(strange));
      const before = await everythingIn(cloud);

      const given = {
        cluster_id: CLUSTER_ID,
        pod_router: router,
        pod_subnet_pool: pool,
        worker_nodes_subnets: [nodeSubnet],
      };
      const namespaces = new NamespaceSubnetsDriver(settings(given), { open: async () => cloud });
      const metadata = { namespace: 'shop', name: 'web', uid: randomUUID() };
      const pod = {
        metadata,
        spec: { nodeName: HOST, containers: [] },
        status: { hostIP: node.fixed_ips[0]?.ip_address ?? '' },
      };
      const subnets = await namespaces.getSubnets(pod, projectId, NEVER);
      const place = { projectId, subnets, securityGroups: [] };
      const bound = new NeutronVifDriver(settings(given), { open: async () => admin }, SILENT_LOGGER);
      await bound.requestVif(pod, place, NEVER);
      await bound.requestVifs(pod, place, 5, NEVER);
      const nested = new NestedVlanDriver(settings(given), { open: async () => cloud }, SILENT_LOGGER);
      await nested.requestVif({ ...pod, metadata: { ...metadata, uid: randomUUID() } }, place, NEVER);
      // As a controller that is killed leaves them.
      const [subnet] = subnets;
      const half = { device_owner: 'compute:kuryr', description: `${TAG} kuryr-pod=${randomUUID()}` };
      await neutron.ports.create({ network_id: subnet?.network_id ?? '', ...half });
      await neutron.networks.create({ name: 'ns/bank-net', description: `${TAG} kuryr-namespace=bank` });
      await neutron.floatingIps.create({
        floating_network_id: facts.networks.floating.networkId,
        description: `Floating IP for Kubernetes Service shop/web from cluster ${CLUSTER_ID}`,
      });
      await neutron.securityGroups.create({
        name: `k8s_svc_${CLUSTER_ID}_shop_web`,
        description: `Security group created for Service shop/web from cluster ${CLUSTER_ID}`,
      });

      const { status, text } = await program('cleanup').outcome;
      const kinds = [...text.matchAll(/^(floating IP|port|security group|network) +[0-9a-f-]{36} /gm)].map(
        ([, kind]) => kind,
      );
      expect({ status, kinds }).toEqual({
        status: 1,
        kinds: ['floating IP', ...Array(8).fill('port'), 'security group', 'network', 'network'],
      });
      expect(text).toMatch(new RegExp(`on trunk ${trunk.id}$`, 'm'));
      expect(await program('cleanup', '--yes').outcome).toMatchObject({ status: 0 });
      expect(await everythingIn(cloud)).toEqual(before);
    },
    2 * LONG,
  );
});
