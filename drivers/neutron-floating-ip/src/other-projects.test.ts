import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CLUSTER_ID, EXTERNAL_SVC_NET } from '@kuryr-l7/config';
import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { Configuration, Option } from '@kuryr-l7/plugin';
import { NeutronFloatingIpDriver } from './neutron-floating-ip-driver.js';

const NEVER = new AbortController().signal;
const SERVICE = { metadata: { namespace: 'shop', name: 'web' } };

let simulator: OpenStackSimulator;
/** Of another project of the cloud. */
let other: Cloud;
/** Sees all projects. */
let admin: Cloud;
let driver: NeutronFloatingIpDriver;

const network = () => simulator.facts.networks.floating.networkId;
const projectId = () => simulator.facts.users.member.projectId;

const acquire = async (address?: string) => {
  const port = await admin.neutron.ports.create({ network_id: simulator.facts.networks.vips.networkId });
  const request = { service: SERVICE, projectId: projectId(), portId: port.id };
  return driver.acquireServicePubIpInfo({ ...request, ...(address !== undefined && { address }) }, NEVER);
};

beforeEach(async () => {
  simulator = await startOpenStackSimulator();
  const { users } = simulator.facts;
  other = await openCloud(cloudSettings(simulator.facts, users.other));
  admin = await openCloud(cloudSettings(simulator.facts, users.admin));
  const configuration: Configuration = {
    get: <T>(option: Option<T>): T => {
      if (option.name === EXTERNAL_SVC_NET.name) return network() as T;
      return option.name === CLUSTER_ID.name ? ('c1' as T) : option.default;
    },
  };
  driver = new NeutronFloatingIpDriver({ open: async () => admin }, configuration);
});

afterEach(async () => {
  other.close();
  admin.close();
  await simulator.close();
});

describe('where [neutron] is an administrator', () => {
  it('the floating IP of a Service is taken in the project of the Service', async () => {
    const { ip_id } = await acquire();
    expect(await admin.neutron.floatingIps.get(ip_id)).toMatchObject({ project_id: projectId() });
  });

  it('none of another project is taken by its address', async () => {
    const theirs = await other.neutron.floatingIps.create({ floating_network_id: network() });
    await expect(acquire(theirs.floating_ip_address)).rejects.toThrow(/the project has no such floating IP/);
    expect(await other.neutron.floatingIps.get(theirs.id)).toMatchObject({ port_id: null, tags: [] });
  });

  it('none of another project is taken for the Service’s because it is tagged or described as such', async () => {
    const { ip_id } = await acquire();
    const { tags, description } = await admin.neutron.floatingIps.get(ip_id);
    await admin.neutron.floatingIps.delete(ip_id);
    const theirs = await other.neutron.floatingIps.create({ floating_network_id: network(), description });
    await other.neutron.setTags('floatingips', theirs.id, tags);
    expect((await acquire()).ip_id).not.toBe(theirs.id);
  });
});
