import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { Lbaasv2Driver } from './lbaasv2-driver.js';
import { NEVER, SimulatedCloud } from './simulated-cloud.fixture.js';

const CONFIGURATION: Configuration = {
  get: <T>({ name, default: fallback }: Option<T>): T => (name === CLUSTER_ID.name ? ('test' as T) : fallback),
};
/** `[ingress] resync_period` is 300 seconds by default. */
const RESYNC_PERIOD = 300_000;

let there: SimulatedCloud;

beforeEach(async () => {
  there = await SimulatedCloud.start();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await there.stop();
});

it('reads nothing for a Service that is as wanted, until its time has come', async () => {
  const { cloud, projectId, simulator } = there;
  const driver = new Lbaasv2Driver({ open: async () => cloud }, CONFIGURATION, SILENT_LOGGER);
  const request = { wanted: there.wanted(), projectId };
  const start = performance.now();
  const first = await driver.ensureLoadBalancer(request, NEVER);
  simulator.octavia.traffic.reset();
  expect(await driver.ensureLoadBalancer(request, NEVER)).toEqual({ ...first, writes: 0 });
  expect(simulator.octavia.traffic.reads).toBe(0);
  jest.spyOn(performance, 'now').mockReturnValue(start + 2 * RESYNC_PERIOD);
  await driver.ensureLoadBalancer(request, NEVER);
  expect([simulator.octavia.traffic.reads > 0, simulator.octavia.traffic.writes]).toEqual([true, 0]);
});
