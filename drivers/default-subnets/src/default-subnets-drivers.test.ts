import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { POD_SUBNET, SERVICE_SUBNET } from '@kuryr-l7/config';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, SharedCloud } from '@kuryr-l7/plugin';
import { subnetsDriverConformance } from '@kuryr-l7/plugin/conformance';
import { ConfiguredSubnet } from './configured-subnet.js';
import { DefaultPodSubnetsDriver } from './default-pod-subnets-driver.js';
import { DefaultServiceSubnetsDriver } from './default-service-subnets-driver.js';
import plugins from './index.js';

const SIGNAL = new AbortController().signal;
const NOWHERE = '99f580e6-d894-442a-bc5f-4d14b41e10d2';

let simulator: OpenStackSimulator;
let cloud: Cloud;
let shared: SharedCloud;
const values = new Map<unknown, unknown>();
const configuration = { get: (option: unknown) => values.get(option) } as Configuration;

const timesAsked = () => simulator.neutron.traffic.requests.filter(({ path }) => path.includes('/subnets/')).length;

describe('the default drivers of subnets', () => {
  beforeEach(async () => {
    simulator = await startOpenStackSimulator();
    const { authUrl, users } = simulator.facts;
    cloud = await openCloud({
      origin: 'the simulated cloud',
      authUrl,
      authentication: {
        method: 'password',
        user: { name: users.member.username, domain: { name: 'Default' } },
        password: users.member.password,
      },
      scope: { project: { id: users.member.projectId } },
      endpointInterface: 'public',
      endpointOverrides: {},
      tls: {},
    });
    shared = { open: async () => cloud };
    values.clear();
  });

  afterEach(async () => {
    cloud.close();
    await simulator.close();
  });

  it('are one for Pods and one for Services', () => {
    expect(plugins.map(({ type, name }) => [type, name])).toEqual([
      ['pod-subnets-driver', 'default'],
      ['service-subnets-driver', 'default'],
    ]);
  });

  it('say the subnets of kuryr.conf, as Neutron has them', async () => {
    const { vips, nodes } = simulator.facts.networks;
    values.set(POD_SUBNET, nodes.subnetId).set(SERVICE_SUBNET, vips.subnetId);
    const ofPods = new DefaultPodSubnetsDriver(configuration, shared);
    const [pods] = await ofPods.getSubnets({}, 'p', SIGNAL);
    const [services] = await new DefaultServiceSubnetsDriver(configuration, shared).getSubnets({}, 'p', SIGNAL);
    expect(pods).toMatchObject({ id: nodes.subnetId, network_id: nodes.networkId });
    expect(await ofPods.allSubnets(SIGNAL)).toEqual([[pods]]);
    expect(services).toMatchObject({ id: vips.subnetId, cidr: expect.stringMatching(/\/\d+$/) });
  });

  it('ask Neutron once in five minutes, and at once when kuryr.conf names another', async () => {
    const { vips, nodes } = simulator.facts.networks;
    let now = 0;
    const subnet = new ConfiguredSubnet(SERVICE_SUBNET, configuration, shared, () => now);
    values.set(SERVICE_SUBNET, vips.subnetId);
    for (now = 0; now < 300_000; now += 60_000) await subnet.get(SIGNAL);
    expect(timesAsked()).toBe(1);
    await subnet.get(SIGNAL);
    expect(timesAsked()).toBe(2);
    values.set(SERVICE_SUBNET, nodes.subnetId);
    expect((await subnet.get(SIGNAL)).id).toBe(nodes.subnetId);
  });

  it('tell what to set where nothing is set, and what is wrong where Neutron has no such subnet', async () => {
    const driver = new DefaultServiceSubnetsDriver(configuration, shared);
    await expect(driver.getSubnets({}, 'p', SIGNAL)).rejects.toThrow(/\[neutron_defaults\] service_subnet is not set/);
    values.set(SERVICE_SUBNET, NOWHERE);
    await expect(driver.getSubnets({}, 'p', SIGNAL)).rejects.toMatchObject({
      code: 'ERR_CONFIGURATION',
      message: `[neutron_defaults] service_subnet: there is no subnet ${NOWHERE}, or it is not ours to see`,
    });
  });

  subnetsDriverConformance(
    {
      name: 'default of subnets of Pods',
      projectId: 'p',
      objects: [{ metadata: { name: 'web', namespace: 'ns' } }],
      async open() {
        values.set(POD_SUBNET, simulator.facts.networks.nodes.subnetId);
        return { driver: new DefaultPodSubnetsDriver(configuration, shared), close: async () => undefined };
      },
    },
    { describe, it },
  );

  subnetsDriverConformance(
    {
      name: 'default of subnets of Services',
      projectId: 'p',
      objects: [{ metadata: { name: 'web', namespace: 'ns' } }],
      async open() {
        values.set(SERVICE_SUBNET, simulator.facts.networks.vips.subnetId);
        return { driver: new DefaultServiceSubnetsDriver(configuration, shared), close: async () => undefined };
      },
    },
    { describe, it },
  );
});
