import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CLUSTER_ID, EXTERNAL_SVC_NET, EXTERNAL_SVC_SUBNET } from '@kuryr-l7/config';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, Option, ServicePublicIpRequest } from '@kuryr-l7/plugin';
import { servicePublicIpDriverConformance } from '@kuryr-l7/plugin/conformance';
import { NeutronFloatingIpDriver } from './neutron-floating-ip-driver.js';

const NEVER = new AbortController().signal;
const SERVICE = { metadata: { namespace: 'shop', name: 'web' } };

let simulator: OpenStackSimulator;
let cloud: Cloud;
let driver: NeutronFloatingIpDriver;
let portId: string;

const configured = (external: string | undefined, subnet?: string): Configuration => ({
  get: <T>(option: Option<T>): T => {
    if (option.name === EXTERNAL_SVC_SUBNET.name) return subnet as T;
    if (option.name === EXTERNAL_SVC_NET.name) return external as T;
    return option.name === CLUSTER_ID.name ? ('c1' as T) : option.default;
  },
});

const driverWith = (external: string | undefined) =>
  new NeutronFloatingIpDriver({ open: async () => cloud }, configured(external));

const request = (changes: Partial<ServicePublicIpRequest> = {}): ServicePublicIpRequest => ({
  service: SERVICE,
  projectId: simulator.facts.users.member.projectId,
  portId,
  ...changes,
});

const all = () => cloud.neutron.floatingIps.list();

async function open(): Promise<void> {
  simulator = await startOpenStackSimulator();
  cloud = await openCloud(cloudSettings(simulator.facts));
  const port = await cloud.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
  portId = port.id;
  driver = driverWith(simulator.facts.networks.floating.networkId);
}

async function close(): Promise<void> {
  cloud.close();
  await simulator.close();
}

servicePublicIpDriverConformance(
  {
    name: 'neutron_floating_ip on the simulated Neutron',
    async open() {
      await open();
      const { facts } = simulator;
      const take = { floating_network_id: facts.networks.floating.networkId };
      return {
        driver,
        projectId: facts.users.member.projectId,
        portId,
        async find(floating_ip_address) {
          const [found] = await cloud.neutron.floatingIps.list({ floating_ip_address });
          return found === undefined ? undefined : { portId: found.port_id };
        },
        makePort: async () => (await cloud.neutron.ports.create({ network_id: facts.networks.vips.networkId })).id,
        takeAddress: async () => (await cloud.neutron.floatingIps.create(take)).floating_ip_address,
        close,
      };
    },
  },
  { describe, it },
);

describe('the floating IP of a Service', () => {
  beforeEach(open);
  afterEach(close);

  it.each([
    ['of external_svc_subnet, with nothing named', {}, 'configured'],
    ['of a subnet that is named', { subnet: 'named' }, 'named'],
    ['of any subnet of a network that is named, as external_svc_subnet may be of another', { network: '…' }, undefined],
  ])('is %s', async (_name, asked, expected) => {
    const { networkId } = simulator.facts.networks.floating;
    const one = new NeutronFloatingIpDriver({ open: async () => cloud }, configured(networkId, 'configured'));
    const create = jest.spyOn(cloud.neutron.floatingIps, 'create').mockRejectedValue(new Error('enough'));
    const network = 'network' in asked ? { network: networkId } : {};
    await expect(one.acquireServicePubIpInfo(request({ ...asked, ...network }), NEVER)).rejects.toThrow('enough');
    expect(create.mock.calls.map(([{ subnet_id }]) => subnet_id)).toEqual([expected]);
  });

  it('is taken once, leads to the port, and is given back', async () => {
    const info = await driver.acquireServicePubIpInfo(request(), NEVER);
    expect(await driver.acquireServicePubIpInfo(request(), NEVER)).toEqual(info);
    await driver.associatePubIp(info, portId, NEVER);
    expect(info.alloc_method).toBe('pool');
    const tags = ['kuryr-cluster=c1', 'kuryr-source=Service/shop/web', `kuryr-vip-port=${portId}`];
    expect(await all()).toMatchObject([{ id: info.ip_id, port_id: portId, tags }]);
    expect(await driver.servicePubIps('shop/web', NEVER)).toEqual([info]);
    expect(await driver.servicePubIps('shop/other', NEVER)).toEqual([]);
    await driver.disassociatePubIp(info, NEVER);
    await driver.releasePubIp(info, NEVER);
    await driver.disassociatePubIp(info, NEVER);
    await driver.releasePubIp(info, NEVER);
    expect(await all()).toEqual([]);
  });

  it('is had again when its port went with the load balancer, and comes from a network named by its name', async () => {
    const byName = driverWith('external');
    const info = await byName.acquireServicePubIpInfo(request(), NEVER);
    await cloud.neutron.ports.delete(portId);
    portId = (await cloud.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId })).id;
    const again = await byName.acquireServicePubIpInfo(request(), NEVER);
    await byName.associatePubIp(again, portId, NEVER);
    expect(again.ip_addr).toBe(info.ip_addr);
    expect(await all()).toMatchObject([{ port_id: portId }]);
  });

  it('stays the same where somebody leads one of another network to the port, too', async () => {
    const floating_network_id = simulator.facts.networks.floating.networkId;
    const foreign = await cloud.neutron.floatingIps.create({ floating_network_id, description: 'Mine' });
    const info = await driver.acquireServicePubIpInfo(request(), NEVER);
    const { floatingIps } = simulator.neutron.state;
    const stored = floatingIps.get(foreign.id);
    if (stored !== undefined) {
      floatingIps.set(foreign.id, { ...stored, port_id: portId, floating_network_id: 'another' });
    }
    expect((await all()).map(({ port_id }) => port_id)).toEqual([portId, portId]);
    expect(await driver.acquireServicePubIpInfo(request(), NEVER)).toEqual(info);
    expect(await cloud.neutron.floatingIps.get(foreign.id)).toMatchObject({ port_id: portId, tags: [] });
  });

  it('leaves nothing, too, where no network is configured any more and its load balancer was made anew', async () => {
    const info = await driver.acquireServicePubIpInfo(request(), NEVER);
    await cloud.neutron.ports.delete(portId);
    const anew = await cloud.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
    await driver.associatePubIp(info, anew.id, NEVER);
    const had = await driver.servicePubIps('shop/web', NEVER);
    expect(had).toEqual([info]);
    for (const one of had) {
      await driver.disassociatePubIp(one, NEVER);
      await driver.releasePubIp(one, NEVER);
    }
    expect(await all()).toEqual([]);
  });

  it('is found where the answer of its creation was lost', async () => {
    simulator.neutron.interference.fail({ answer: 'drop', moment: 'after' });
    const info = await driver.acquireServicePubIpInfo(request(), NEVER);
    expect(await all()).toMatchObject([{ id: info.ip_id }]);
  });

  it('is that which somebody leads to the port at the same moment, when it is tried again', async () => {
    const { floatingIps } = cloud.neutron;
    const create = floatingIps.create.bind(floatingIps);
    jest.spyOn(floatingIps, 'create').mockImplementationOnce(async (fields) => {
      await create({ floating_network_id: simulator.facts.networks.floating.networkId, port_id: portId });
      return create(fields);
    });
    await expect(driver.acquireServicePubIpInfo(request(), NEVER)).rejects.toMatchObject({
      message: expect.stringMatching(/already/),
    });
    expect((await driver.acquireServicePubIpInfo(request(), NEVER)).alloc_method).toBe('user');
    expect(await all()).toMatchObject([{ port_id: portId }]);
  });

  it('is nobody’s to give back where it is to be kept, or was there before', async () => {
    const kept = await driver.acquireServicePubIpInfo(request({ keep: true }), NEVER);
    expect(kept.alloc_method).toBe('user');
    expect(await driver.servicePubIps('shop/web', NEVER)).toEqual([kept]);
    await driver.releasePubIp(kept, NEVER);
    expect(await driver.servicePubIps('shop/web', NEVER)).toEqual([]);
    // So that nobody takes it for one whose tags were not written any more.
    expect(await all()).toMatchObject([{ tags: ['kuryr-kept'] }]);
  });

  it('is given back also where the controller was killed before it gave it tags', async () => {
    const floating_network_id = simulator.facts.networks.floating.networkId;
    const description = 'Floating IP for Kubernetes Service shop/web from cluster c1';
    await cloud.neutron.floatingIps.create({ floating_network_id, description, port_id: portId });
    const others = await cloud.neutron.floatingIps.create({ floating_network_id, description: `${description}0` });
    const found = await driver.servicePubIps('shop/web', NEVER);
    expect(found).toMatchObject([{ alloc_method: 'pool' }]);
    for (const info of found) await driver.releasePubIp(info, NEVER);
    expect(await all()).toMatchObject([{ id: others.id }]);
  });

  it('is nobody’s any more where it was kept and then given to another Service', async () => {
    const kept = await driver.acquireServicePubIpInfo(request({ keep: true }), NEVER);
    await driver.releasePubIp(kept, NEVER);
    const other = { metadata: { namespace: 'bank', name: 'web' } };
    const given = await driver.acquireServicePubIpInfo(request({ service: other, address: kept.ip_addr }), NEVER);
    const tags = ['kuryr-used-by=c1/Service/bank/web', `kuryr-vip-port=${portId}`];
    expect(await all()).toMatchObject([{ id: given.ip_id, description: '', tags }]);
    expect(await driver.servicePubIps('shop/web', NEVER)).toEqual([]);
  });

  it('is none that another cluster or an L7 router has, with tags or without', async () => {
    const floating_network_id = simulator.facts.networks.floating.networkId;
    const take = (description: string) => cloud.neutron.floatingIps.create({ floating_network_id, description });
    const untagged = await take('Floating IP for Kubernetes Service shop/web from cluster c2');
    const router = await take('Mine');
    await cloud.neutron.setTags('floatingips', router.id, ['kuryr-cluster=c1', 'kuryr-l7-router']);
    const used = await take('Mine');
    await cloud.neutron.setTags('floatingips', used.id, ['kuryr-used-by=c2/Service/shop/web']);
    for (const { floating_ip_address: address } of [untagged, router, used]) {
      await expect(driver.acquireServicePubIpInfo(request({ address }), NEVER)).rejects.toMatchObject({
        code: 'ERR_PUBLIC_IP_UNAVAILABLE',
        message: expect.stringContaining('was taken for, or is used by, another'),
      });
    }
  });

  it('bears the tags of others as before, and marks that no clean-up deletes by, when it was given', async () => {
    const floating_network_id = simulator.facts.networks.floating.networkId;
    const given = await cloud.neutron.floatingIps.create({ floating_network_id, description: 'Mine' });
    await cloud.neutron.setTags('floatingips', given.id, ['mine']);
    const info = await driver.acquireServicePubIpInfo(request({ address: given.floating_ip_address }), NEVER);
    const tags = ['mine', 'kuryr-used-by=c1/Service/shop/web', `kuryr-vip-port=${portId}`];
    expect(await all()).toMatchObject([{ description: 'Mine', tags }]);
    await driver.releasePubIp(info, NEVER);
    expect(await all()).toMatchObject([{ description: 'Mine', tags: ['mine'] }]);
  });

  it('is the one that is asked for, unless that is not ours or leads elsewhere', async () => {
    const { networkId } = simulator.facts.networks.floating;
    const mine = await cloud.neutron.floatingIps.create({ floating_network_id: networkId });
    const address = mine.floating_ip_address;
    expect(await driver.acquireServicePubIpInfo(request({ address }), NEVER)).toMatchObject({
      ip_id: mine.id,
      alloc_method: 'user',
    });
    const other = await cloud.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
    await cloud.neutron.floatingIps.update(mine.id, { port_id: other.id });
    await expect(driver.acquireServicePubIpInfo(request({ address }), NEVER)).rejects.toMatchObject({
      code: 'ERR_PUBLIC_IP_UNAVAILABLE',
      message: expect.stringContaining('leads to port'),
    });
    await expect(driver.acquireServicePubIpInfo(request({ address: '203.0.113.250' }), NEVER)).rejects.toMatchObject({
      code: 'ERR_PUBLIC_IP_UNAVAILABLE',
    });
  });

  it('that was taken and then led elsewhere by hand stays there, also when the Service lets go of it', async () => {
    const info = await driver.acquireServicePubIpInfo(request(), NEVER);
    await driver.associatePubIp(info, portId, NEVER);
    const other = await cloud.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
    await cloud.neutron.floatingIps.update(info.ip_id, { port_id: other.id });
    await expect(driver.acquireServicePubIpInfo(request(), NEVER)).rejects.toMatchObject({
      code: 'ERR_PUBLIC_IP_UNAVAILABLE',
      message: expect.stringContaining('leads to port'),
    });
    const [had, ...more] = await driver.servicePubIps('shop/web', NEVER);
    expect([had, more]).toEqual([{ ...info, alloc_method: 'user' }, []]);
    await driver.disassociatePubIp(info, NEVER);
    if (had !== undefined) await driver.releasePubIp(had, NEVER);
    const there = await cloud.neutron.floatingIps.list();
    expect(there).toMatchObject([{ id: info.ip_id, port_id: other.id, tags: ['kuryr-kept'] }]);
  });

  it('that was taken and then led elsewhere by hand stays there, too, when another is given', async () => {
    const taken = await driver.acquireServicePubIpInfo(request(), NEVER);
    const other = await cloud.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
    await cloud.neutron.floatingIps.update(taken.ip_id, { port_id: other.id });
    const { networkId } = simulator.facts.networks.floating;
    const given = await cloud.neutron.floatingIps.create({ floating_network_id: networkId });
    await driver.acquireServicePubIpInfo(request({ address: given.floating_ip_address }), NEVER);
    expect(await cloud.neutron.floatingIps.get(taken.ip_id)).toMatchObject({ port_id: other.id, tags: ['kuryr-kept'] });
  });

  it('is refused, and nothing is changed, where somebody has led another one of that network to the VIP', async () => {
    const floating_network_id = simulator.facts.networks.floating.networkId;
    const taken = await driver.acquireServicePubIpInfo(request(), NEVER);
    await cloud.neutron.floatingIps.update(taken.ip_id, { port_id: null });
    const foreign = await cloud.neutron.floatingIps.create({ floating_network_id, port_id: portId });
    const given = await cloud.neutron.floatingIps.create({ floating_network_id });
    const before = await all();
    const asked = request({ address: given.floating_ip_address });
    await expect(driver.acquireServicePubIpInfo(asked, NEVER)).rejects.toMatchObject({
      code: 'ERR_PUBLIC_IP_UNAVAILABLE',
      message: expect.stringMatching(
        new RegExp(
          `${foreign.floating_ip_address} .*take that off \\("openstack floating ip unset --port ${foreign.id}"`,
        ),
      ),
    });
    expect(await all()).toEqual(before);
    await cloud.neutron.floatingIps.update(foreign.id, { port_id: null });
    expect(await driver.acquireServicePubIpInfo(asked, NEVER)).toMatchObject({ ip_id: given.id });
  });

  it('needs a network that is there', async () => {
    await expect(driverWith(undefined).acquireServicePubIpInfo(request(), NEVER)).rejects.toMatchObject({
      code: 'ERR_CONFIGURATION',
    });
    await expect(driverWith('nowhere').acquireServicePubIpInfo(request(), NEVER)).rejects.toThrow(
      /there is no external network nowhere \(there are: external\)/,
    );
  });
});
