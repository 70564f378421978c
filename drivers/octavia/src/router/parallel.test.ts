import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { NEVER, QUICK, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { shop } from '../wanted.fixture.js';
import { converge, policiesOf } from './converge.fixture.js';
import { createRouter } from './create-router.js';
import { openOctaviaRouter } from './open-octavia-router.js';

let there: SimulatedCloud;
beforeEach(async () => {
  there = await SimulatedCloud.start();
});
afterEach(() => there.stop());

describe('two load balancers', () => {
  it('are written at the same time: one that is locked for long holds up nobody but itself', async () => {
    const { octavia, facts } = there.simulator;
    const terms = { name: 'other', clusterId: 'test', vipSubnet: facts.networks.vips.subnetId, pace: QUICK };
    const { id } = await createRouter(there.cloud, terms, NEVER);
    const { notFoundPool: _, ...settings } = there.settings({ loadBalancerId: id });
    const free = await openOctaviaRouter(await there.another(), settings, NEVER, {
      logger: SILENT_LOGGER,
      pace: QUICK,
    });
    const locked = await there.open({ pendingTimeout: 60_000 });

    octavia.hold(there.id);
    const waiting = converge(locked, shop());
    await converge(free, shop());
    expect(await policiesOf(free)).toHaveLength(2);
    expect(octavia.state.loadBalancers.get(there.id)?.provisioning_status).toBe('PENDING_UPDATE');

    octavia.release(there.id);
    await waiting;
    expect(await policiesOf(locked)).toHaveLength(2);
  });
});
