import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Clock, type Logger, SILENT_LOGGER, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import { PollingPace } from '@kuryr-l7/openstack';
import { LbaasApplier } from '../lbaas-applier.js';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { PendingLoadBalancers } from './pending-load-balancers.js';

let there: SimulatedCloud;
let lines: string[];

beforeEach(async () => {
  there = await SimulatedCloud.start();
  lines = [];
});

afterEach(() => there.stop());

/** Goes as fast as everybody waits. */
function fastClock(): Clock {
  let now = 0;
  const schedule = (callback: () => void, delay: number) => {
    now += delay;
    setImmediate(callback);
    return () => undefined;
  };
  return { now: () => now, wallTime: () => now, schedule };
}

function applier(clock: Clock): LbaasApplier {
  const logger: Logger = { ...SILENT_LOGGER, info: (line) => void lines.push(line) };
  const pace = new PollingPace({ shortest: 1, firstGuess: 2 });
  const pending = new PendingLoadBalancers();
  return new LbaasApplier(there.cloud, { clusterId: 'test', logger, pendingTimeout: 20_000, pending, pace, clock });
}

it('the deletion of a load balancer that stays PENDING is logged when it is sent, and not at each try', async () => {
  const { state } = await there.ensure(there.wanted());
  const id = state.loadbalancer?.id ?? '';
  there.simulator.octavia.hold(id);
  await there.cloud.octavia.listeners.update(state.listeners[0]?.id ?? '', { connection_limit: 3 });
  const waiting = applier(fastClock());
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(waiting.release('shop/web', NEVER)).rejects.toMatchObject({ code: 'ERR_LOAD_BALANCER_PENDING' });
  }
  expect(lines).toEqual([]);
  there.simulator.octavia.release(id);
  await there.settled(id);
  await applier(SYSTEM_CLOCK).release('shop/web', NEVER);
  expect(lines).toEqual([`Service shop/web: delete load balancer ${id}`]);
});
