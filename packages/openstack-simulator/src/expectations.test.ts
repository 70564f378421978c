import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { defineExpectations } from '../../../test/openstack/expectations/define-expectations.js';
import { constantTiming, type OpenStackSimulator, startOpenStackSimulator } from './index.js';
import { ManualClock } from './manual-clock.fixture.js';

const WRITE_MILLISECONDS = 1000;

describe('the simulator, of which the tests of the real OpenStack expect the same', () => {
  const clock = new ManualClock();
  let simulator: OpenStackSimulator;
  beforeAll(async () => {
    simulator = await startOpenStackSimulator({ clock, timing: constantTiming(WRITE_MILLISECONDS) });
  });
  afterAll(() => simulator.close());

  const cloud = () => ({
    facts: simulator.facts,
    pollMilliseconds: WRITE_MILLISECONDS,
    patienceMilliseconds: 10 * WRITE_MILLISECONDS,
    wait: async (milliseconds: number) => clock.advance(milliseconds),
    unstick: async (loadBalancerId: string) => simulator.octavia.resetStatus(loadBalancerId),
  });
  defineExpectations(cloud, { describe, it, beforeAll, afterAll });
});
