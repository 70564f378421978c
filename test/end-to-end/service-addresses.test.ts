import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceCloud, service, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

const OCCM = 'loadbalancer.openstack.org/';
const KEEP = { [`${OCCM}keep-floatingip`]: 'true' };
const INTERNAL = { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' };

let there: ServiceCloud;

const floatingIps = () => there.cloud.neutron.floatingIps;
const balancers = () => there.cloud.octavia.loadBalancers;

async function take(): Promise<string> {
  const { networkId } = there.simulator.facts.networks.floating;
  const taken = await floatingIps().create({ floating_network_id: networkId, description: 'mine' });
  return taken.floating_ip_address;
}

/** The ports that all floating IPs lead to, by their addresses. */
async function leads(): Promise<Readonly<Record<string, string | null>>> {
  const all = await floatingIps().list();
  return Object.fromEntries(all.map(({ floating_ip_address, port_id }) => [floating_ip_address, port_id]));
}

async function vip(name = 'web'): Promise<{ readonly portId: string; readonly address: string }> {
  const [found] = await balancers().list({ name: `default/${name}` });
  return { portId: found?.vip_port_id ?? '', address: found?.vip_address ?? '' };
}

async function addressOf(name = 'web'): Promise<string> {
  return eventually(() => {
    const ip = there.ipOf(name);
    if (ip === undefined) throw new Error('no address yet');
    return ip;
  });
}

const isGone = (name = 'web') => eventually(() => expect(() => there.cluster.get('Service', name)).toThrow());

/** As when a load balancer is deleted to be made anew. */
function detachAll(): void {
  const { state } = there.simulator.neutron;
  for (const [id, one] of state.floatingIps) state.floatingIps.set(id, { ...one, port_id: null });
}

beforeEach(async () => {
  there = await ServiceCloud.start(5);
});

afterEach(() => there.stop());

describe('the floating IP of a Service', () => {
  it.each([
    ['was taken for it', {}, {}],
    ['is to be kept', {}, KEEP],
    ['was given to it', { loadBalancerIP: '' }, {}],
  ])('that %s is no other’s while its load balancer is made anew', async (_name, given, annotations) => {
    const spec = 'loadBalancerIP' in given ? { loadBalancerIP: await take() } : {};
    there.cluster.apply(web(spec, annotations));
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    await there.cluster.stopController();
    detachAll();
    there.cluster.apply(service('thief', { type: 'LoadBalancer', loadBalancerIP: ip, ports: [{ port: 80 }] }));
    await there.cluster.startController(there.settings());
    await eventually(() => expect(there.events()).toContain('was taken for, or is used by, another'));
    await eventually(async () => expect(await leads()).toEqual({ [ip]: (await vip()).portId }));
    expect([there.ipOf('web'), there.ipOf('thief')]).toEqual([ip, undefined]);
  });

  it.each([
    ['deleted where it was taken', {}, {}, false],
    ['left in the project where it is to be kept', {}, KEEP, true],
    ['left in the project where it was given', { loadBalancerIP: '' }, {}, true],
  ])('is taken off when that becomes internal, and %s', async (_name, given, annotations, stays) => {
    const spec = 'loadBalancerIP' in given ? { loadBalancerIP: await take() } : {};
    there.cluster.apply(web(spec, annotations));
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    there.cluster.apply(web({}, { ...annotations, ...INTERNAL }));
    await eventually(async () => {
      expect(await leads()).toEqual(stays ? { [ip]: null } : {});
      expect(there.ipOf('web')).toBe((await vip()).address);
    });
  });

  it('is another one when loadBalancerIP changes, and both stay in the project', async () => {
    const [first, second] = [await take(), await take()];
    there.cluster.apply(web({ loadBalancerIP: first }));
    await there.cluster.startController(there.settings());
    await eventually(() => expect(there.ipOf('web')).toBe(first));
    there.cluster.apply(web({ loadBalancerIP: second }));
    await eventually(() => expect(there.ipOf('web')).toBe(second));
    expect(await leads()).toEqual({ [first]: null, [second]: (await vip()).portId });
    there.cluster.delete('Service', 'web');
    await isGone();
    expect(await leads()).toEqual({ [first]: null, [second]: null });
  });

  it.each([
    ['deleted', {}],
    ['deleted, and was to be kept first', KEEP],
  ])('stays once loadBalancerIP names it, when that is %s', async (_name, annotations) => {
    there.cluster.apply(web({}, annotations));
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    there.cluster.apply(web({ loadBalancerIP: ip }));
    await eventually(async () => expect(await floatingIps().list()).toMatchObject([{ description: '' }]));
    there.cluster.delete('Service', 'web');
    await isGone();
    expect(await leads()).toEqual({ [ip]: null });
  });

  it('stays where loadBalancerIP names it and the type changes to ClusterIP, also in one moment', async () => {
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    const ip = await addressOf();
    there.cluster.apply(web({ loadBalancerIP: ip, type: 'ClusterIP' }));
    await eventually(async () => expect(await balancers().list()).toEqual([]));
    await eventually(() => expect(there.cluster.get('Service', 'web').metadata).not.toHaveProperty('finalizers'));
    expect(await leads()).toEqual({ [ip]: null });
  });

  it('is deleted with it also where the controller was killed before it gave it tags', async () => {
    const isTagging = ({ method, path }: { method: string; path: string }) =>
      method === 'PUT' && path.endsWith('/tags');
    there.simulator.neutron.interference.fail({ count: 10_000, answer: 503, matches: isTagging });
    there.cluster.apply(web());
    await there.cluster.startController(there.settings());
    await eventually(async () => expect(await floatingIps().list()).toMatchObject([{ tags: [] }]));
    await there.cluster.stopController();
    there.simulator.neutron.interference.reset();
    there.cluster.delete('Service', 'web');
    await there.cluster.startController(there.settings());
    await isGone();
    expect(await floatingIps().list()).toEqual([]);
  });
});

describe('what users of a shared cluster may name', () => {
  it('is nothing of OpenStack by default, and an Event says so', async () => {
    const { networkId } = there.simulator.facts.networks.nodes;
    there.cluster.apply(web({}, { [`${OCCM}network-id`]: networkId }));
    await there.cluster.startController(there.settings());
    await eventually(() => expect(there.events()).toMatch(/add network-id to \[kubernetes\] lb_permitted_annotations/));
    expect(await balancers().list()).toEqual([]);
  });

  it('is what the operator permits, and never the port of a Pod', async () => {
    const { neutron } = there.cloud;
    const network_id = there.simulator.facts.networks.vips.networkId;
    const pod = await neutron.ports.create({ network_id, device_owner: 'compute:kuryr' });
    const free = await neutron.ports.create({ network_id });
    there.cluster.apply(
      web({}, { [`${OCCM}port-id`]: pod.id }),
      service('free', { type: 'LoadBalancer', ports: [{ port: 80 }] }, { [`${OCCM}port-id`]: free.id }),
    );
    await there.cluster.startController(there.settings({ OS_KUBERNETES__LB_PERMITTED_ANNOTATIONS: 'port-id' }));
    await eventually(() => expect(there.events()).toContain("can't be a VIP, as it belongs to compute:kuryr"));
    await addressOf('free');
    expect(await balancers().list()).toMatchObject([{ name: 'default/free', vip_port_id: free.id }]);
  });
});

describe('the clients of a Service', () => {
  const letIn = async () => (await there.cloud.octavia.listeners.list()).map(({ allowed_cidrs }) => allowed_cidrs);

  it('are those of its ranges that are of the family of the VIP', async () => {
    there.cluster.apply(
      web({ ipFamilyPolicy: 'PreferDualStack', loadBalancerSourceRanges: ['192.0.2.0/24', 'fd00::/8'] }),
    );
    await there.cluster.startController(there.settings());
    await addressOf();
    expect(await letIn()).toEqual([['192.0.2.0/24']]);
  });

  it('are nobody where all ranges are of the other family, and an Event says so', async () => {
    there.cluster.apply(web({ loadBalancerSourceRanges: ['fd00::/8'] }));
    await there.cluster.startController(there.settings());
    await addressOf();
    expect(await letIn()).toEqual([['0.0.0.0/32']]);
    await eventually(() => expect(there.events()).toContain('SourceRangesOfOtherFamily'));
  });

  it('are those of the annotation that came before loadBalancerSourceRanges', async () => {
    there.cluster.apply(web({}, { 'service.beta.kubernetes.io/load-balancer-source-ranges': '192.0.2.0/24' }));
    await there.cluster.startController(there.settings());
    await addressOf();
    expect(await letIn()).toEqual([['192.0.2.0/24']]);
  });
});
