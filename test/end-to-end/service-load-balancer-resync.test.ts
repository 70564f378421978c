import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EACH_SECOND, ServiceCloud, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

let there: ServiceCloud;

async function members() {
  const [pool] = await there.cloud.octavia.pools.list();
  return (await there.cloud.octavia.members.list(pool?.id ?? '')).map(({ address }) => address);
}

beforeEach(async () => {
  there = await ServiceCloud.start(5);
  there.cluster.apply(web());
  there.applyEndpoints('web', '10.1.0.1');
});

afterEach(() => there.stop());

describe('at each resync_period, without any event, a Service', () => {
  it('has what an administrator changed in its load balancer set right', async () => {
    await there.cluster.startController(there.settings(EACH_SECOND));
    await there.served();
    const [pool] = await there.cloud.octavia.pools.list();
    // Once may be by chance.
    for (let round = 0; round < 2; round += 1) {
      await there.cloud.octavia.members.replace(pool?.id ?? '', []);
      await eventually(async () => expect(await members()).toEqual(['10.1.0.1']));
      await there.simulator.octavia.idle();
    }
  });

  it('has a load balancer in ERROR made anew', async () => {
    await there.cluster.startController(there.settings(EACH_SECOND));
    const before = await there.served();
    const stored = there.simulator.octavia.state.loadBalancers.get(before.id);
    if (stored !== undefined) stored.provisioning_status = 'ERROR';
    await eventually(async () => {
      const after = await there.balancer();
      expect(after).toMatchObject({ provisioning_status: 'ACTIVE', vip_address: before.vip_address });
      expect(after.id).not.toBe(before.id);
    });
  });

  it('has a load balancer that was deleted made anew', async () => {
    await there.cluster.startController(there.settings(EACH_SECOND));
    const before = await there.served();
    await there.cloud.octavia.loadBalancers.delete(before.id, { cascade: true });
    await eventually(async () => expect((await there.balancer()).id).not.toBe(before.id));
  });

  it('gets another floating IP where its own was deleted', async () => {
    await there.cluster.startController(there.settings(EACH_SECOND));
    const { vip_port_id } = await there.served();
    const [floating] = await there.cloud.neutron.floatingIps.list();
    await there.cloud.neutron.floatingIps.delete(floating?.id ?? '');
    await eventually(async () => {
      const [another] = await there.cloud.neutron.floatingIps.list();
      expect(another).toMatchObject({ port_id: vip_port_id, floating_ip_address: there.ipOf('web') });
    });
  });

  it('costs Octavia one list for all while nothing changes', async () => {
    await there.cluster.startController(there.settings(EACH_SECOND));
    await there.served();
    const { traffic } = there.simulator.octavia;
    const kinds = () => new Set(traffic.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`));
    const surveys = () => traffic.requests.length;
    await eventually(() => {
      // Nothing else is asked in the time of several rounds, once each load balancer was read after its last change.
      if (kinds().size > 1) traffic.reset();
      expect(surveys()).toBeGreaterThan(2);
    });
    expect([...kinds()]).toEqual([expect.stringMatching(/^GET .*\/loadbalancers$/)]);
  });
});

describe('load balancers of Services that are gone', () => {
  it('are found also where the cloud fails when the controller starts', async () => {
    await there.cluster.startController(there.settings());
    await there.served();
    await there.cluster.stopController();
    const web = { group: '', version: 'v1', plural: 'services', namespace: 'default', name: 'web' };
    there.cluster.client.patch(web, 'merge', { metadata: { finalizers: null } }, {});
    there.cluster.delete('Service', 'web');
    there.simulator.octavia.interference.fail({
      count: 10,
      answer: 503,
      matches: ({ method, path }) => method === 'GET' && path.includes('/loadbalancers'),
    });
    await there.cluster.startController(there.settings());
    await eventually(async () => {
      expect(await there.cloud.octavia.loadBalancers.list()).toEqual([]);
      expect(await there.cloud.neutron.floatingIps.list()).toEqual([]);
    });
  });
});
