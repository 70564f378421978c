import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { NeutronFloatingIpDriver } from './neutron-floating-ip-driver.js';

const NEVER = new AbortController().signal;

let simulator: OpenStackSimulator;
let cloud: Cloud;

beforeEach(async () => {
  simulator = await startOpenStackSimulator();
  cloud = await openCloud(cloudSettings(simulator.facts));
});

afterEach(async () => {
  cloud.close();
  await simulator.close();
});

it('of Services that name one floating IP at the same moment, one has it, and the others are told', async () => {
  const { facts } = simulator;
  const configuration: Configuration = {
    get: <T>(option: Option<T>): T => (option.name === CLUSTER_ID.name ? ('c1' as T) : option.default),
  };
  const driver = new NeutronFloatingIpDriver({ open: async () => cloud }, configuration);
  const { neutron } = cloud;
  const given = await neutron.floatingIps.create({ floating_network_id: facts.networks.floating.networkId });
  const requests = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) => ({
      service: { metadata: { namespace: 'shop', name } },
      projectId: facts.users.member.projectId,
      portId: (await neutron.ports.create({ network_id: facts.networks.vips.networkId })).id,
      address: given.floating_ip_address,
    })),
  );
  const outcomes = await Promise.allSettled(
    requests.map(async (request) => {
      const info = await driver.acquireServicePubIpInfo(request, NEVER);
      await driver.associatePubIp(info, request.portId, NEVER);
      return request.portId;
    }),
  );
  const { port_id } = await neutron.floatingIps.get(given.id);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: port_id }]);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ERR_PUBLIC_IP_UNAVAILABLE' });
  }
});
