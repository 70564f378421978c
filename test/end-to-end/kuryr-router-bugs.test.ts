import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backend, ingress } from './manifests.fixture.js';
import { ServiceCloud } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

describe('what Kuryr did wrong with its L7 router is right here:', () => {
  let there: ServiceCloud;

  /** A load balancer as an administrator makes it, without a listener. */
  async function bareRouter(): Promise<string> {
    const { octavia } = there.cloud;
    const { id } = await octavia.loadBalancers.create({
      name: 'kuryr-l7-router',
      vip_subnet_id: there.simulator.facts.networks.vips.subnetId,
    });
    await there.simulator.octavia.idle();
    return id;
  }

  /** kuryr.conf for the driver octavia with this router. */
  const settings = (id: string, changes: Readonly<Record<string, string>> = {}) =>
    there.settings({
      OS_KUBERNETES__L7_ROUTER_DRIVER: 'octavia',
      OS_KUBERNETES__LB_SERVICE_TYPES: '',
      OS_INGRESS__L7_ROUTER_UUID: id,
      ...changes,
    });

  beforeEach(async () => {
    there = await ServiceCloud.start(5);
    there.cluster.apply(...backend('s1'), ingress('web', [['www.example.com', ['/', 'Prefix', 's1']]]));
  });

  afterEach(() => there.stop());

  it('its listener could not be made (LP 1787883)', async () => {
    const { octavia } = there.cloud;
    await there.cluster.startController(settings(await bareRouter()));
    expect(await octavia.listeners.list()).toMatchObject([{ protocol: 'HTTP', protocol_port: 80 }]);
    await eventually(async () => expect(await octavia.l7Policies.list()).toHaveLength(1));
  });

  it('a controller that was started before it did nothing for ever (LP 1777469)', async () => {
    const id = await bareRouter();
    const { loadBalancers } = there.simulator.octavia.state;
    const later = loadBalancers.get(id);
    loadBalancers.delete(id);
    const started = there.cluster.startController(settings(id));
    await eventually(async () => {
      const response = await fetch(`${there.cluster.controller.healthUrl}/readyz`);
      expect(await response.text()).toMatch(new RegExp(`\\[-\\]router failed: .*${id}`));
      expect(response.status).toBe(503);
    });
    if (later !== undefined) loadBalancers.set(id, later);
    await started;
    await eventually(async () => expect(await there.cloud.octavia.l7Policies.list()).toHaveLength(1));
  });

  it('its floating IP came from a network that was never named (LP 1787334)', async () => {
    const { floating } = there.simulator.facts.networks;
    await there.cluster.startController(settings(await bareRouter(), { OS_INGRESS__ENSURE_FLOATING_IP: 'True' }));
    expect(await there.cloud.neutron.floatingIps.list()).toMatchObject([{ floating_network_id: floating.networkId }]);
  });

  it('there were no health monitors', async () => {
    const id = await bareRouter();
    await there.cluster.startController(settings(id, { OS_OCTAVIA__HEALTH_MONITOR: 'TCP' }));
    const { octavia } = there.cloud;
    await eventually(async () => {
      const [monitor] = await octavia.healthMonitors.list();
      expect(monitor).toMatchObject({ type: 'TCP' });
      const pools = await octavia.pools.list();
      expect(pools).toContainEqual(expect.objectContaining({ name: 'default_s1', healthmonitor_id: monitor?.id }));
    });
  });
});
