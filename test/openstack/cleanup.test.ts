import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NamespaceSubnetsDriver } from '@kuryr-l7/driver-namespace-subnets';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import { settings } from '@kuryr-l7/plugin/conformance';
import { HundredServices } from '../end-to-end/hundred-services.fixture.js';
import { Programs } from '../end-to-end/program.fixture.js';
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
/** Load balancers that are there when the controller is killed: each costs this bed seconds, and seconds again to delete. */
const MADE = 15;
const LONG = 400_000;
const NEVER = new AbortController().signal;

let project: OwnProject;
let cloud: Cloud;
let cluster: TestCluster;

beforeAll(async () => {
  project = await OwnProject.create(facts, CLUSTER_ID);
  cloud = await realCloud(project.login);
  cluster = await TestCluster.withoutController();
  // Neutron makes a project's own group when it is first asked for one.
  await cloud.neutron.securityGroups.list();
}, LONG);

afterAll(async () => {
  await cluster.stop();
  const { octavia, neutron, barbican } = cloud;
  await eventually(async () => {
    for (const { id } of await octavia.loadBalancers.list()) await octavia.loadBalancers.delete(id, { cascade: true });
    expect(await octavia.loadBalancers.list()).toEqual([]);
  }, LONG);
  const mine = { project_id: project.login.projectId };
  for (const { id } of await neutron.floatingIps.list(mine)) await neutron.floatingIps.delete(id);
  for (const { id } of await neutron.ports.list(mine)) await neutron.ports.delete(id);
  for (const { id } of await neutron.networks.list(mine)) await neutron.networks.delete(id);
  for (const { id, name } of await neutron.securityGroups.list(mine)) {
    if (name !== 'default') await neutron.securityGroups.delete(id);
  }
  for (const { id } of await barbican.secrets.list()) await barbican.secrets.delete(id);
  cloud.close();
  await project.remove();
}, LONG);

describe('kuryr-l7 cleanup on a real OpenStack', () => {
  it(
    'after the controller was killed among 100 Services lists and deletes all of theirs, and leaves everything else',
    async () => {
      const { login } = project;
      const services = await HundredServices.apply({ cluster, cloud, place: facts, login, clusterId: CLUSTER_ID });
      const { before, programs } = services;
      try {
        const controller = programs.start('run');
        await eventually(async () => {
          const states = (await services.balancers()).map(({ provisioning_status: state }) => state);
          expect(states.length).toBeGreaterThanOrEqual(MADE);
          // Some in effect, others on their way.
          expect(states).toEqual(expect.arrayContaining(['ACTIVE', 'PENDING_CREATE']));
          for (const many of Object.values(await services.others())) expect(many).toBeGreaterThan(0);
        }, LONG);
        await controller.end();
        const balancers = await services.balancers();
        await services.storeCertificate();

        const { status, text } = await programs.start('cleanup').outcome;
        const listed = [...text.matchAll(/^([\w ]+?) {2,}(\S+) {2}\S/gm)].map(([, kind = '', id = '']) => ({
          kind,
          id,
        }));
        const kinds = ['L7 policy', 'floating IP', 'load balancer', 'pool', 'secret', 'security group'];
        expect({ status, kinds: [...new Set(listed.map(({ kind }) => kind))].sort() }).toEqual({ status: 1, kinds });
        const ids = listed.map(({ id }) => id);
        expect(ids).toEqual(expect.arrayContaining(balancers.map(({ id }) => id)));
        // Barbican's are whole addresses there.
        const isListed = (id: string) => ids.some((one) => one.endsWith(id));
        expect(Object.values(before).flatMap((kept) => kept.filter(isListed))).toEqual([]);

        // Twice, as Octavia may come to the last that the killed controller asked for after the first has read what is there.
        for (const _ of ['once', 'twice']) {
          const { text: told, ...ended } = await programs.start('cleanup', '--yes').outcome;
          expect({ ...ended, left: told.match(/^Left: .*/gm) }).toEqual({ status: 0, left: null });
        }
        expect(await everythingIn(cloud)).toEqual(before);
        expect(Object.values(await services.others())).toEqual([0, 0, 0]);
      } finally {
        await programs.end();
      }
    },
    2 * LONG,
  );
});

describe('kuryr-l7 cleanup on a real Neutron', () => {
  let rest: Rest;
  let admin: Cloud;
  let agent: NetworkAgent;
  let programs: Programs;
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
    programs = new Programs(cluster, serviceSettings(facts, project.login, CLUSTER_ID));
  }, LONG);

  afterAll(async () => {
    await programs.end();
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

      const { status, text } = await programs.start('cleanup').outcome;
      const kinds = [...text.matchAll(/^(floating IP|port|security group|network) +[0-9a-f-]{36} /gm)].map(
        ([, kind]) => kind,
      );
      expect({ status, kinds }).toEqual({
        status: 1,
        kinds: ['floating IP', ...Array(8).fill('port'), 'security group', 'network', 'network'],
      });
      expect(text).toMatch(new RegExp(`on trunk ${trunk.id}$`, 'm'));
      expect(await programs.start('cleanup', '--yes').outcome).toMatchObject({ status: 0 });
      expect(await everythingIn(cloud)).toEqual(before);
    },
    2 * LONG,
  );
});
