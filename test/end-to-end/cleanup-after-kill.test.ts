import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import type { OpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { HundredServices } from './hundred-services.fixture.js';
import { ServiceCloud } from './service-cloud.fixture.js';
import { everythingIn } from './service-settings.fixture.js';
import { eventually } from './test-cluster.fixture.js';

const LONG = 120_000;

let there: ServiceCloud;
let simulator: OpenStackSimulator;
let cloud: Cloud;
let services: HundredServices;

const load = () => simulator.octavia.state.loadBalancers.size;
const untilLoad = (is: (count: number) => boolean) =>
  eventually(() => {
    if (!is(load())) throw new Error(`${load()} load balancers`);
  }, LONG);

beforeEach(async () => {
  there = await ServiceCloud.start(5);
  ({ simulator, cloud } = there);
  const { facts } = simulator;
  const login = facts.users.member;
  services = await HundredServices.apply({ cluster: there.cluster, cloud, place: facts, login, clusterId: 'c1' });
  await simulator.octavia.idle();
});

afterEach(async () => {
  await services?.programs.end();
  await there.stop();
});

describe('kuryr-l7 cleanup after the controller was killed among 100 Services', () => {
  it('leaves nothing of the cluster, and everything else as it was, also where it was broken off and killed', async () => {
    const { before, programs } = services;
    const controller = programs.start('run');
    await untilLoad((count) => count >= 50);
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
    await services.storeCertificate();

    const killed = programs.start('cleanup', '--yes');
    const made = load();
    await untilLoad((count) => count <= made - 5);
    await killed.end();
    await simulator.octavia.idle();

    const interrupted = programs.start('cleanup', '--yes');
    const rest = load();
    await untilLoad((count) => count <= rest - 5);
    expect(await interrupted.end('SIGINT')).toMatchObject({
      status: 1,
      text: expect.stringMatching(/Broken off\. Run the command again for what is left\.\n$/),
    });
    await simulator.octavia.idle();

    expect(await programs.start('cleanup', '--yes').outcome).toMatchObject({
      status: 0,
      text: expect.stringMatching(/^(\d+)\/\1 .*secret .* is gone$/m),
    });
    await simulator.octavia.idle();
    expect(await everythingIn(cloud)).toEqual(before);
  }, 300_000);
});
