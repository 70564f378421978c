import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import type { OpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { ServiceCloud, service } from './service-cloud.fixture.js';
import { eventually, type TestCluster } from './test-cluster.fixture.js';

const PROGRAM = fileURLToPath(new URL('../../packages/controller/bin/kuryr-l7.js', import.meta.url));
const SERVICES = 100;
const TAG = 'kuryr-cluster=c1';
const LONG = 120_000;

let there: ServiceCloud;
let simulator: OpenStackSimulator;
let cloud: Cloud;
let cluster: TestCluster;
const children = new Set<ChildProcess>();

function program(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: {
      PATH: process.env.PATH,
      OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
      OS_LOCAL_ROUTER__HTTP_PORT: '0',
      OS_HEALTH_SERVER__PORT: '-1',
      ...there.settings(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** All that a program says, and its exit status. */
async function outcome(child: ChildProcess): Promise<{ readonly status: number | null; readonly text: string }> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  children.delete(child);
  return { status, text };
}

const load = () => simulator.octavia.state.loadBalancers.size;
const untilLoad = (is: (count: number) => boolean) =>
  eventually(() => {
    if (!is(load())) throw new Error(`${load()} load balancers`);
  }, LONG);

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

async function balancer(name: string, tags: readonly string[]): Promise<void> {
  await cloud.octavia.loadBalancers.create({
    name,
    tags,
    vip_subnet_id: simulator.facts.networks.vips.subnetId,
    listeners: [{ protocol: 'TCP', protocol_port: 80, name, tags, default_pool: { name } }],
    pools: [{ protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', name, tags }],
  });
  await simulator.octavia.idle();
}

beforeEach(async () => {
  there = await ServiceCloud.start(5);
  ({ simulator, cloud, cluster } = there);
  for (let index = 0; index < SERVICES; index += 1) {
    cluster.apply(service(`web-${index}`, { type: 'LoadBalancer', ports: [{ port: 80 }] }));
  }
  // Strangers, some of whom look much like ours.
  await balancer('default/web-1', []);
  await balancer('default/web-2', ['kuryr-cluster=c10', 'kuryr-source=Service/default/web-2']);
  const { networkId } = simulator.facts.networks.floating;
  await cloud.neutron.floatingIps.create({ floating_network_id: networkId, description: 'mine' });
  await cloud.neutron.securityGroups.create({ name: 'k8s_svc_c1_default_web-1' });
});

afterEach(async () => {
  for (const child of children) await kill(child);
  await there.stop();
});

describe('kuryr-l7 cleanup after the controller was killed among 100 Services', () => {
  it('leaves nothing tagged, and everything untagged as it was, also where it was killed itself', async () => {
    const before = await everything();
    const controller = program('run');
    await untilLoad((count) => count >= SERVICES / 2);
    await kill(controller);
    await simulator.octavia.idle();
    const interrupted = program('cleanup', '--yes');
    const made = load();
    await untilLoad((count) => count <= made - 5);
    await kill(interrupted);
    await simulator.octavia.idle();

    const { status, text } = await outcome(program('cleanup', '--yes'));
    expect({ status, text }).toMatchObject({ status: 0, text: expect.stringContaining('is gone') });
    await simulator.octavia.idle();
    const after = await everything();
    // An address whose tags were not written yet is never deleted, as it has none; it is told.
    const lost = (after[3] ?? []).filter((id) => before[3]?.includes(id) === false);
    for (const id of lost) {
      expect(text).toContain(id);
      await cloud.neutron.floatingIps.delete(id);
    }
    expect(lost.length).toBeLessThanOrEqual(8);
    expect(await everything()).toEqual(before);
    const tagged = { tags: [TAG] };
    expect(await cloud.octavia.loadBalancers.list(tagged)).toEqual([]);
    expect(await cloud.neutron.floatingIps.list(tagged)).toEqual([]);
  }, 300_000);
});
