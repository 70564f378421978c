import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SimulatedVifCloud, simulatedVifCloud } from '@kuryr-l7/openstack-simulator';
import type { SharedCloud } from '@kuryr-l7/plugin';
import { settings, subnetsDriverConformance } from '@kuryr-l7/plugin/conformance';
import { NamespaceSubnetsDriver } from './namespace-subnets-driver.js';

const SIGNAL = new AbortController().signal;
const POOL = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
const PROJECT = '3f4e5d6c7b8a49f0a1b2c3d4e5f60718';
const pod = (namespace: string) => ({ metadata: { name: 'web', namespace } });

let where: SimulatedVifCloud;
let configured: Readonly<Record<string, unknown>>;

function driver(given: Readonly<Record<string, unknown>> = configured): NamespaceSubnetsDriver {
  const cloud: SharedCloud = { open: async () => where.cloud };
  return new NamespaceSubnetsDriver(settings({ cluster_id: 'c1', ...given }), cloud);
}

const networks = () =>
  [...where.simulator.neutron.state.networks.values()].filter(({ tags }) => tags.includes('kuryr-cluster=c1'));

describe('subnets of namespaces', () => {
  beforeAll(async () => {
    where = await simulatedVifCloud();
    const { context, state } = where.simulator.neutron;
    const pool = { ...context.newborn(PROJECT), id: POOL, name: 'pods', description: '', prefixes: ['10.55.0.0/23'] };
    state.subnetPools.set(POOL, { ...pool, default_prefixlen: 24 });
    configured = { pod_router: where.facts.routerId, pod_subnet_pool: POOL };
  });

  afterAll(() => where.close());

  subnetsDriverConformance(
    {
      name: 'namespace',
      projectId: PROJECT,
      objects: [pod('shop')],
      open: async () => ({ driver: driver(), close: async () => undefined }),
    },
    { describe, it },
  );

  it('are made once for a namespace, however many ask and in how many processes, and joined by the router', async () => {
    const asked = await Promise.all([driver(), driver()].map((one) => one.getSubnets(pod('shop'), PROJECT, SIGNAL)));
    expect(asked[0]).toEqual(asked[1]);
    expect(networks().map(({ name, project_id }) => [name, project_id])).toEqual([['ns/shop-net', PROJECT]]);
    const legs = [...where.simulator.neutron.state.ports.values()].filter(
      ({ device_id }) => device_id === where.facts.routerId,
    );
    expect(legs.map(({ fixed_ips }) => fixed_ips[0]?.subnet_id)).toEqual([asked[0]?.[0]?.id]);
  });

  it('are others for another namespace, and run out with the pool, which is told', async () => {
    const [shop] = await driver().getSubnets(pod('shop'), PROJECT, SIGNAL);
    const [bank] = await driver().getSubnets(pod('bank'), PROJECT, SIGNAL);
    expect([shop?.cidr, bank?.cidr]).toEqual(['10.55.0.0/24', '10.55.1.0/24']);
    const { id } = await where.cloud.neutron.networks.create({
      name: 'ns/early-net',
      description: 'kuryr-cluster=c1 kuryr-namespace=early',
    });
    expect(await driver().allSubnets(SIGNAL)).toEqual([[shop], [bank]]);
    await where.cloud.neutron.networks.delete(id);
    await expect(driver().getSubnets(pod('late'), PROJECT, SIGNAL)).rejects.toMatchObject({
      code: 'ERR_OPENSTACK_ADDRESSES_EXHAUSTED',
    });
  });

  it('go after their namespace, unless it has come again or others have ports there; what is not marked stays', async () => {
    const { neutron } = where.cloud;
    const one = driver();
    const [shop] = await one.getSubnets(pod('shop'), PROJECT, SIGNAL);
    await one.getSubnets(pod('bank'), PROJECT, SIGNAL);
    const description = 'kuryr-cluster=c10 kuryr-namespace=gone';
    const { id } = await neutron.networks.create({ name: 'ns/gone-net', description });
    const left: string[] = [];
    const retain = (...names: string[]) =>
      one.retainNamespaces(
        () => new Set(names),
        async (network) => void left.push(network),
        SIGNAL,
      );
    await retain('shop', 'bank', 'late');
    expect(left).toEqual([]);
    const port = await neutron.ports.create({ network_id: shop?.network_id ?? '' });
    await expect(retain('bank', 'late')).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
      message: expect.stringContaining(`there are ports in it: ${port.id}`),
    });
    await neutron.ports.delete(port.id);
    await retain('bank', 'late');
    expect(left).toEqual([shop?.network_id, shop?.network_id]);
    expect(networks().map(({ name }) => name)).toEqual(['ns/bank-net', 'ns/late-net']);
    expect(await neutron.networks.get(id)).toMatchObject({ description });
    const [again] = await one.getSubnets(pod('shop'), PROJECT, SIGNAL);
    expect(again?.network_id).not.toBe(shop?.network_id);
    await neutron.networks.delete(id);
  });

  it('go after their namespace, too, where the controller was killed before it had tagged the network', async () => {
    const { neutron } = where.cloud;
    const create = async (description: string, tags: readonly string[] = []) => {
      const { id } = await neutron.networks.create({ name: 'ns/half-made-net', description });
      await neutron.setTags('networks', id, tags);
      return id;
    };
    const halfMade = await create('kuryr-cluster=c1 kuryr-namespace=gone');
    const others = [
      await create('kuryr-cluster=c1 kuryr-namespace=there'),
      await create('kuryr-cluster=c10 kuryr-namespace=gone'),
      await create('kuryr-cluster=c1 kuryr-namespace=gone', ['kuryr-cluster=c10']),
    ];
    const left: string[] = [];
    const leave = async (network: string) => void left.push(network);
    await driver().retainNamespaces(() => new Set(['bank', 'late', 'shop', 'there']), leave, SIGNAL);
    expect(left).toEqual([halfMade]);
    const names = await neutron.networks.list({ name: 'ns/half-made-net' });
    expect(new Set(names.map(({ id }) => id))).toEqual(new Set(others));
    for (const id of others) await neutron.networks.delete(id);
  });

  it('go after their namespaces but for one that can not be deleted', async () => {
    const { neutron } = where.cloud;
    for (const name of ['one', 'two', 'three']) {
      await neutron.networks.create({
        name: `ns/${name}-net`,
        description: `kuryr-cluster=c2 kuryr-namespace=${name}`,
      });
    }
    let refused: string | undefined;
    where.simulator.neutron.interference.fail({
      answer: 403,
      matches: ({ method, path }) => {
        if (method !== 'DELETE') return false;
        refused ??= path;
        return path === refused;
      },
    });
    const retain = driver({ cluster_id: 'c2' }).retainNamespaces(
      () => new Set(),
      async () => undefined,
      SIGNAL,
    );
    await expect(retain).rejects.toThrow('403');
    where.simulator.neutron.interference.reset();
    const all = await neutron.networks.list();
    const left = all.filter(({ description }) => description.startsWith('kuryr-cluster=c2 '));
    expect(left.map(({ id }) => `/v2.0/networks/${id}`)).toEqual([refused]);
    for (const { id } of left) await neutron.networks.delete(id);
  });

  it('need to know the pool and the router', async () => {
    await expect(driver({}).getSubnets(pod('shop'), PROJECT, SIGNAL)).rejects.toThrow(
      /\[namespace_subnet\] pod_subnet_pool is not set, .* see "openstack subnet pool list"/,
    );
  });
});
