import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceCloud, service, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

let there: ServiceCloud;

beforeEach(async () => {
  there = await ServiceCloud.start(5);
  there.cluster.apply(web());
  there.applyEndpoints('web', '10.1.0.1');
});

afterEach(() => there.stop());

describe('a load balancer of a Service', () => {
  it('in ERROR is made anew, at its VIP and with its floating IP (LP 1815880)', async () => {
    await there.cluster.startController(there.settings());
    const before = await there.served();
    const ip = there.ipOf('web');
    const stored = there.simulator.octavia.state.loadBalancers.get(before.id);
    if (stored !== undefined) stored.provisioning_status = 'ERROR';
    there.applyEndpoints('web', '10.1.0.2');
    await eventually(async () => {
      const after = await there.balancer();
      expect(after).toMatchObject({ provisioning_status: 'ACTIVE', vip_address: before.vip_address });
      expect(after.id).not.toBe(before.id);
      const [floating] = await there.cloud.neutron.floatingIps.list();
      expect(floating).toMatchObject({ floating_ip_address: ip, port_id: after.vip_port_id });
    });
    expect(there.ipOf('web')).toBe(ip);
  });

  it('that stays PENDING is waited for; after a bound an Event says for how long, and what to do', async () => {
    await there.cluster.startController(there.settings({ OS_NEUTRON_DEFAULTS__LBAAS_ACTIVATION_TIMEOUT: '1' }));
    const { id } = await there.served();
    there.simulator.octavia.hold(id);
    const [pool] = await there.cloud.octavia.pools.list();
    there.applyEndpoints('web', '10.1.0.2');
    await eventually(() =>
      expect(there.events()).toMatch(
        /has been in PENDING_UPDATE for over 1 seconds: nothing can be changed meanwhile; an administrator should look whether octavia-worker runs/,
      ),
    );
    there.simulator.octavia.release(id);
    await eventually(async () => {
      const members = await there.cloud.octavia.members.list(pool?.id ?? '');
      expect(members).toMatchObject([{ address: '10.1.0.2', provisioning_status: 'ACTIVE' }]);
    });
  });

  it('that stays PENDING keeps no other Service waiting, also with one worker, and follows when it is ACTIVE again', async () => {
    await there.cluster.startController(there.settings({ OS_KUBERNETES__LB_WORKERS: '1' }));
    const { id } = await there.served();
    const stored = there.simulator.octavia.state.loadBalancers.get(id);
    const [pool] = await there.cloud.octavia.pools.list();
    if (stored !== undefined) stored.provisioning_status = 'PENDING_UPDATE';
    const { traffic } = there.simulator.octavia;
    traffic.reset();
    there.applyEndpoints('web', '10.1.0.2');
    // The worker has it.
    await eventually(() => expect(traffic.requests.some(({ path }) => path.endsWith(id))).toBe(true));
    there.cluster.apply(service('other', { type: 'LoadBalancer', ports: [{ port: 80 }] }));
    await eventually(() => expect(there.ipOf('other')).toBeDefined());
    expect(there.events()).not.toContain('PENDING');
    if (stored !== undefined) stored.provisioning_status = 'ACTIVE';
    await eventually(async () => {
      expect(await there.cloud.octavia.members.list(pool?.id ?? '')).toMatchObject([{ address: '10.1.0.2' }]);
    });
  });
});
