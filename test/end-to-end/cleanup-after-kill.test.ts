import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import type { OpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { Program } from './program.fixture.js';
import { ServiceCloud, service } from './service-cloud.fixture.js';
import { everythingIn } from './service-settings.fixture.js';
import { eventually, type TestCluster } from './test-cluster.fixture.js';

const SERVICES = 100;
const LONG = 120_000;

let there: ServiceCloud;
let simulator: OpenStackSimulator;
let cloud: Cloud;
let cluster: TestCluster;
const programs: Program[] = [];

function program(...args: readonly string[]): Program {
  const started = new Program(args, {
    OS_KUBERNETES__KUBECONFIG: cluster.kubeconfigFile,
    OS_LOCAL_ROUTER__HTTP_PORT: '0',
    OS_HEALTH_SERVER__PORT: '-1',
    ...there.settings(),
  });
  programs.push(started);
  return started;
}

const load = () => simulator.octavia.state.loadBalancers.size;
const untilLoad = (is: (count: number) => boolean) =>
  eventually(() => {
    if (!is(load())) throw new Error(`${load()} load balancers`);
  }, LONG);

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
  const { neutron } = cloud;
  const floating_network_id = simulator.facts.networks.floating.networkId;
  await neutron.floatingIps.create({ floating_network_id, description: 'mine' });
  const description = 'Floating IP for Kubernetes Service default/web-1 from cluster c10';
  await neutron.floatingIps.create({ floating_network_id, description });
  await neutron.securityGroups.create({ name: 'k8s_svc_c1_default_web-1' });
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((one) => one.end()));
  await there.stop();
});

describe('kuryr-l7 cleanup after the controller was killed among 100 Services', () => {
  it('leaves nothing of the cluster, and everything else as it was, also where it was broken off and killed', async () => {
    const before = await everythingIn(cloud);
    const controller = program('run');
    await untilLoad((count) => count >= SERVICES / 2);
    // Addresses that are taken and get no tags any more.
    const { interference } = simulator.neutron;
    const isTagging = ({ path }: { readonly path: string }) => path.endsWith('/tags');
    interference.fail({ answer: 503, count: Number.POSITIVE_INFINITY, matches: isTagging });
    await eventually(async () => {
      const untagged = (await cloud.neutron.floatingIps.list()).filter(({ tags }) => tags.length === 0);
      expect(untagged.length).toBeGreaterThan(2);
    }, LONG);
    await controller.end();
    interference.reset();
    await simulator.octavia.idle();

    const killed = program('cleanup', '--yes');
    const made = load();
    await untilLoad((count) => count <= made - 5);
    await killed.end();
    await simulator.octavia.idle();

    const interrupted = program('cleanup', '--yes');
    const rest = load();
    await untilLoad((count) => count <= rest - 5);
    expect(await interrupted.end('SIGINT')).toMatchObject({
      status: 1,
      text: expect.stringMatching(/Broken off\. Run the command again for what is left\.\n$/),
    });
    await simulator.octavia.idle();

    expect(await program('cleanup', '--yes').outcome).toMatchObject({
      status: 0,
      text: expect.stringMatching(/floating IP .* is gone\n$/),
    });
    await simulator.octavia.idle();
    expect(await everythingIn(cloud)).toEqual(before);
  }, 300_000);
});
