import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceCloud, service, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

const INTERNAL = { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' };

let there: ServiceCloud;

const balancers = () => there.cloud.octavia.loadBalancers;
const other = service('other', { type: 'LoadBalancer', ports: [{ port: 80 }] }, INTERNAL);

/** Ids and VIPs of all load balancers, by the names of their Services. */
async function vips(): Promise<Readonly<Record<string, readonly string[]>>> {
  const all = await balancers().list();
  return Object.fromEntries(all.map(({ name, id, vip_address }) => [name, [id, vip_address]]));
}

/** That, and the ports that floating IPs lead to. */
async function addresses() {
  return [await vips(), (await there.cloud.neutron.floatingIps.list()).map(({ port_id }) => port_id)];
}

/** The floating IP that the Service asks for by `loadBalancerIP`, and that it has. */
async function servedAtGivenIp(): Promise<string> {
  const { networkId } = there.simulator.facts.networks.floating;
  const { floating_ip_address } = await there.cloud.neutron.floatingIps.create({ floating_network_id: networkId });
  there.cluster.apply(web({ loadBalancerIP: floating_ip_address }));
  await there.cluster.startController(there.settings());
  await eventually(() => expect(there.ipOf('web')).toBe(floating_ip_address));
  return floating_ip_address;
}

async function addressOf(name = 'web'): Promise<string> {
  return eventually(() => {
    const ip = there.ipOf(name);
    if (ip === undefined) throw new Error('no address yet');
    return ip;
  });
}

/** Of a new port in the network of VIPs. */
async function portAddress(): Promise<string> {
  const network_id = there.simulator.facts.networks.vips.networkId;
  const { fixed_ips } = await there.cloud.neutron.ports.create({ network_id });
  return fixed_ips[0]?.ip_address ?? '';
}

/** That its pool follows, so that it is not only left behind. */
async function followsEndpoints(): Promise<void> {
  there.applyEndpoints('web', '10.1.0.9');
  await eventually(async () => {
    const [{ id = '' } = {}] = await balancers().list({ name: 'default/web' });
    const [pool] = await there.cloud.octavia.pools.list({ loadbalancer_id: id });
    expect(await there.cloud.octavia.members.list(pool?.id ?? '')).toMatchObject([{ address: '10.1.0.9' }]);
  });
}

/** That it is still reached from outside at the address that its status says. */
async function keepsPublic(ip: string, before: Awaited<ReturnType<typeof vips>>): Promise<void> {
  await eventually(() => expect(there.events()).toMatch(/LoadBalancerKept/));
  await followsEndpoints();
  expect(await vips()).toEqual(before);
  const [led] = await there.cloud.neutron.floatingIps.list({ floating_ip_address: ip });
  expect([there.ipOf('web'), led?.port_id]).toEqual([ip, expect.any(String)]);
}

beforeEach(async () => {
  there = await ServiceCloud.start(5);
});

afterEach(() => there.stop());

describe('the load balancer that a Service has goes on, with an Event,', () => {
  it.each([
    ['is in use', async () => portAddress(), /goes on at/],
    ['is outside of the subnet', async () => '203.0.113.77', /goes on at/],
    ['is that of another Service', async () => addressOf('other'), /is the address of another Service/],
  ])('when loadBalancerIP names a VIP that %s, and also after that is taken back', async (_name, wish, event) => {
    there.cluster.apply(web({}, INTERNAL), other);
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    const loadBalancerIP = await wish();
    const before = await vips();
    there.cluster.apply(web({ loadBalancerIP }, INTERNAL));
    await eventually(() => expect(there.events()).toMatch(event));
    await followsEndpoints();
    there.cluster.apply(web({}, INTERNAL));
    await followsEndpoints();
    expect(await vips()).toEqual(before);
    expect(there.ipOf('web')).toBe(ip);
  });

  it('when it becomes internal and its floating IP is still the address that it asks for', async () => {
    const loadBalancerIP = await servedAtGivenIp();
    const before = await addresses();
    there.cluster.apply(web({ loadBalancerIP }, INTERNAL));
    await eventually(() => expect(there.events()).toMatch(/goes on at/));
    await followsEndpoints();
    expect(await addresses()).toEqual(before);
  });

  it('when external_svc_net is not set any more, with its floating IP, also where loadBalancerIP names that', async () => {
    const loadBalancerIP = await servedAtGivenIp();
    const before = await addresses();
    await there.cluster.stopController();
    const { OS_NEUTRON_DEFAULTS__EXTERNAL_SVC_NET: _, ...settings } = there.settings();
    await there.cluster.startController(settings);
    await eventually(() => expect(there.events()).toMatch(/FloatingIpKept/));
    await followsEndpoints();
    expect(await addresses()).toEqual(before);
    expect([there.ipOf('web'), there.events()]).toEqual([
      loadBalancerIP,
      expect.not.stringMatching('KuryrEnsureLBError'),
    ]);
  });

  it('when clusterIPs are to be VIPs and the subnet of Services does not hold them', async () => {
    there.cluster.apply(web(), other);
    await there.cluster.startController(there.settings());
    const addresses = [await addressOf(), await addressOf('other')];
    const before = await vips();
    await there.cluster.stopController();
    await there.cluster.startController(there.settings({ OS_KUBERNETES__LB_SERVICE_TYPES: 'ClusterIP,LoadBalancer' }));
    for (const name of ['web', 'other']) {
      const told = new RegExp(`"NoServiceSubnet"[^{}]*"regarding":\\{[^{}]*"name":"${name}"`);
      await eventually(() => expect(there.events()).toMatch(told));
    }
    await followsEndpoints();
    expect(await vips()).toEqual(before);
    expect([there.ipOf('web'), there.ipOf('other')]).toEqual(addresses);
  });

  it('with its floating IP, when a cloud controller that was started by mistake puts its finalizer there', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    const before = await vips();
    const finalizers = [
      ...(there.cluster.get('Service', 'web').metadata.finalizers ?? []),
      'service.kubernetes.io/load-balancer-cleanup',
    ];
    const reference = { group: '', version: 'v1', plural: 'services', namespace: 'default', name: 'web' };
    there.cluster.client.patch(reference, 'merge', { metadata: { finalizers } });
    await keepsPublic(ip, before);
  });

  it('with its floating IP, when lb_handle_classless is switched off, until its type says that it may go', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    const before = await vips();
    await there.cluster.stopController();
    await there.cluster.startController(there.settings({ OS_KUBERNETES__LB_HANDLE_CLASSLESS: 'False' }));
    await keepsPublic(ip, before);
    there.cluster.apply(web({ type: 'ClusterIP' }));
    await eventually(async () => expect(await vips()).toEqual({}));
    await eventually(() => expect(there.ipOf('web')).toBeUndefined());
  });

  it('while the quota has no room for one with another VIP, and is replaced when it has', async () => {
    there.cluster.apply(web({}, INTERNAL));
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    const before = await vips();
    there.simulator.octavia.interference.fail({
      count: 10_000,
      answer: 403,
      message: 'Quota has been met for resources: load_balancer',
      matches: ({ method, path }) => method === 'POST' && path.endsWith('/loadbalancers'),
    });
    const loadBalancerIP = ip.replace(/\d+$/, '77');
    there.cluster.apply(web({ loadBalancerIP }, INTERNAL));
    await eventually(() => expect(there.events()).toMatch(`goes on at ${ip}`));
    expect(await vips()).toEqual(before);
    there.simulator.octavia.interference.reset();
    await eventually(() => expect(there.ipOf('web')).toBe(loadBalancerIP));
    expect(await balancers().list()).toMatchObject([{ vip_address: loadBalancerIP }]);
  });
});
