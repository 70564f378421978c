import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { defineExpectations } from '../../../test/openstack/expectations/define-expectations.js';
import type { ExpectationCloud } from '../../../test/openstack/expectations/expectation-runner.js';
import { constantTiming, DecidingDataPlane, type OpenStackSimulator, startOpenStackSimulator } from './index.js';
import { ManualClock } from './manual-clock.fixture.js';

const WRITE_MILLISECONDS = 1000;

describe('the simulator, of which the tests of the real OpenStack expect the same', () => {
  const clock = new ManualClock();
  const dataPlane = new DecidingDataPlane();
  let simulator: OpenStackSimulator;
  beforeAll(async () => {
    simulator = await startOpenStackSimulator({ clock, dataPlane, timing: constantTiming(WRITE_MILLISECONDS) });
  });
  afterAll(() => simulator.close());

  const cloud = (): ExpectationCloud => ({
    facts: simulator.facts,
    pollMilliseconds: WRITE_MILLISECONDS,
    patienceMilliseconds: 10 * WRITE_MILLISECONDS,
    async request({ id }, { host, path, headers = {} }) {
      const [pathname = '', query] = path.split('?');
      const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const routed = { host, path: pathname, ...(query !== undefined && { query: `?${query}` }), headers: named };
      const { statusCode, location } = dataPlane.decide(id, 'HTTP:80', routed);
      // No pool of the expectations has a member, and HAProxy then answers 503.
      return { status: statusCode ?? 503, location };
    },
    wait: async (milliseconds: number) => clock.advance(milliseconds),
    // Its time stands still anyway, but for waiting.
    pause: async () => () => {},
    unstick: async (loadBalancerId: string) => simulator.octavia.resetStatus(loadBalancerId),
  });
  defineExpectations(cloud, { describe, it, beforeAll, afterAll });
});
