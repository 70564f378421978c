import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import { eventually, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';

const PROGRAM = fileURLToPath(new URL('../../packages/controller/bin/kuryr-l7.js', import.meta.url));
const CLUSTER_ID = `cleanup-${process.pid}`;
const SERVICES = 6;
const LONG = 180_000;

let project: OwnProject;
let cloud: Cloud;
let cluster: TestCluster;
let controller: ChildProcess | undefined;

function environment(): NodeJS.ProcessEnv {
  const { username, password, projectId } = project.login;
  return {
    PATH: process.env.PATH,
    OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
    OS_KUBERNETES__LB_SERVICE_TYPES: 'LoadBalancer',
    OS_LOCAL_ROUTER__HTTP_PORT: '0',
    OS_HEALTH_SERVER__PORT: '-1',
    OS_INGRESS__CLUSTER_ID: CLUSTER_ID,
    OS_NEUTRON__AUTH_TYPE: 'password',
    OS_NEUTRON__AUTH_URL: facts.authUrl,
    OS_NEUTRON__USERNAME: username,
    OS_NEUTRON__PASSWORD: password,
    OS_NEUTRON__USER_DOMAIN_NAME: 'Default',
    OS_NEUTRON__PROJECT_ID: projectId,
    OS_NEUTRON__REGION_NAME: facts.region,
    OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: facts.networks.vips.subnetId,
    OS_NEUTRON_DEFAULTS__EXTERNAL_SVC_NET: facts.networks.floating.networkId,
  };
}

async function kill(): Promise<void> {
  const running = controller;
  controller = undefined;
  if (running === undefined || running.exitCode !== null) return;
  const exited = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGKILL');
  await exited;
}

/** Ids of everything in the project. */
async function everything(): Promise<readonly (readonly string[])[]> {
  const { octavia, neutron } = cloud;
  const lists = await Promise.all([
    octavia.loadBalancers.list(),
    octavia.listeners.list(),
    octavia.pools.list(),
    neutron.floatingIps.list(),
    neutron.ports.list(),
    neutron.securityGroups.list(),
  ]);
  return lists.map((list) => list.map(({ id }) => id).sort());
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
  await kill();
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
    'after the controller was killed among its Services leaves nothing tagged, and everything untagged as it was',
    async () => {
      const before = await everything();
      for (let index = 0; index < SERVICES; index += 1) {
        cluster.apply({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `web-${index}`, namespace: 'default' },
          spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
        });
      }
      controller = spawn(process.execPath, [PROGRAM, 'run'], { env: environment(), stdio: 'ignore' });
      const tagged = { tags: [`kuryr-cluster=${CLUSTER_ID}`] };
      // Some in effect and with an address, others on their way.
      await eventually(async () => expect(await cloud.neutron.floatingIps.list(tagged)).not.toEqual([]), LONG);
      await kill();
      expect(await cloud.octavia.loadBalancers.list(tagged)).not.toEqual([]);

      const run = promisify(execFile);
      const { stdout, stderr } = await run(process.execPath, [PROGRAM, 'cleanup', '--yes'], { env: environment() });
      expect(stdout).toMatch(/load balancer default\/web-\d .*is gone/);
      // An address whose tags were not written yet is never deleted, as it has none; it is told.
      const lost = ((await everything())[3] ?? []).filter((id) => before[3]?.includes(id) === false);
      for (const id of lost) {
        expect(stderr).toContain(id);
        await cloud.neutron.floatingIps.delete(id);
      }
      expect(await everything()).toEqual(before);
    },
    2 * LONG,
  );
});
