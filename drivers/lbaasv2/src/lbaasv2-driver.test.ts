import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { LoadBalancerRequest } from '@kuryr-l7/plugin';
import { settings } from '@kuryr-l7/plugin/conformance';
import { Lbaasv2Driver } from './lbaasv2-driver.js';
import { NEVER, SimulatedCloud } from './simulated-cloud.fixture.js';

const CONFIGURATION = settings({ cluster_id: 'test' });

let there: SimulatedCloud;
let driver: Lbaasv2Driver;
let request: LoadBalancerRequest;
let now: number;

beforeEach(async () => {
  there = await SimulatedCloud.start();
  const { cloud, projectId } = there;
  driver = new Lbaasv2Driver({ open: async () => cloud }, CONFIGURATION, SILENT_LOGGER);
  request = { wanted: there.wanted(), projectId };
  now = performance.now();
  advance(0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await there.stop();
});

const ensure = () => driver.ensureLoadBalancer(request, NEVER);
const survey = () => driver.survey(NEVER);

/** The clock of the driver, which stands still but for this; that of Octavia goes on. */
function advance(milliseconds: number): void {
  now += milliseconds;
  jest.spyOn(performance, 'now').mockReturnValue(now);
}

async function readsOf(run: () => Promise<unknown>): Promise<number> {
  there.simulator.octavia.traffic.reset();
  await run();
  return there.simulator.octavia.traffic.reads;
}

/** Ensured, and read once more after the second of that, which a survey confirms. */
async function settle(): Promise<void> {
  await ensure();
  await survey();
  advance(2_000);
  await ensure();
  await survey();
}

it('reads nothing for a Service that is as wanted, but one list for all of them at each survey', async () => {
  const first = await ensure();
  expect(await readsOf(ensure)).toBe(0);
  expect(await ensure()).toEqual({ ...first, writes: 0 });
  // What is read in the second of the last change may lack another change of that second.
  for (let round = 0; round < 2; round += 1) {
    await survey();
    expect(await readsOf(ensure)).toBeGreaterThan(0);
  }
  await survey();
  advance(2_000);
  expect(await readsOf(ensure)).toBeGreaterThan(0);
  for (let round = 0; round < 3; round += 1) {
    advance(300_000);
    expect(await readsOf(async () => expect(await survey()).toEqual([{ service: 'shop/web', needsCare: false }]))).toBe(
      1,
    );
    expect(await readsOf(ensure)).toBe(0);
  }
});

describe('a survey finds the load balancer of a Service', () => {
  it('that others have changed, also far below', async () => {
    await settle();
    const { octavia } = there.cloud;
    const [pool] = await octavia.pools.list();
    const [one] = await octavia.loadBalancers.list();
    await octavia.members.replace(pool?.id ?? '', []);
    await there.settled(one?.id ?? '');
    // Octavia tells times in seconds, and in this test all is done within one.
    const stored = there.simulator.octavia.state.loadBalancers.get(one?.id ?? '');
    if (stored !== undefined) stored.updated_at = '2027-01-01T00:00:00';
    expect(await survey()).toEqual([{ service: 'shop/web', needsCare: true }]);
    expect(await there.writesOf(ensure)).toEqual(['PUT pools/…/members']);
    expect(await survey()).toEqual([{ service: 'shop/web', needsCare: false }]);
  });

  it('that is in ERROR, also as another process', async () => {
    const { state } = await ensure();
    const stored = there.simulator.octavia.state.loadBalancers.get(state.loadbalancer?.id ?? '');
    if (stored !== undefined) stored.provisioning_status = 'ERROR';
    const { cloud } = there;
    const another = new Lbaasv2Driver({ open: async () => cloud }, CONFIGURATION, SILENT_LOGGER);
    for (const one of [driver, another]) {
      expect(await one.survey(NEVER)).toEqual([{ service: 'shop/web', needsCare: true }]);
    }
    expect((await ensure()).writes).toBe(2);
  });

  it('that is gone', async () => {
    const { state } = await ensure();
    await there.cloud.octavia.loadBalancers.delete(state.loadbalancer?.id ?? '', { cascade: true });
    await there.simulator.octavia.idle();
    expect(await survey()).toEqual([{ service: 'shop/web', needsCare: true }]);
    expect((await ensure()).writes).toBe(1);
  });
});

it('finds the Neutron port of a node that comes later, whenever it is asked, without any survey', async () => {
  const { networkId: network_id } = there.simulator.facts.networks.nodes;
  const { neutron } = there.cloud;
  const { id, fixed_ips } = await neutron.ports.create({ network_id });
  await neutron.ports.delete(id);
  const address = fixed_ips[0]?.ip_address ?? '';
  const memberSecurityGroup = { name: 'g', description: 'd', openings: [], addresses: [address] };
  request = { ...request, memberSecurityGroup };
  expect(await ensure()).toMatchObject({ problems: [{ reason: 'NodeNotOpened' }] });
  const port = await neutron.ports.create({ network_id, fixed_ips: [{ ip_address: address }] });
  expect(await ensure()).toMatchObject({ problems: [] });
  expect((await neutron.ports.get(port.id)).security_groups).toHaveLength(port.security_groups.length + 1);
  expect(await readsOf(ensure)).toBe(0);
});

it('compares at each survey where security groups count that no load balancer tells of', async () => {
  const memberSecurityGroup = { name: 'g', description: 'd', openings: [], addresses: [] };
  request = { ...request, memberSecurityGroup };
  await settle();
  expect(await readsOf(ensure)).toBeGreaterThan(0);
});
