import { openCloud } from '@kuryr-l7/openstack';
import { type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { VifCloud } from './pod-vif-cloud.fixture.js';

/** A simulated cloud, seen by its administrator, with an agent of Neutron on `node-1`. */
export async function simulatedVifCloud(): Promise<
  VifCloud & { readonly simulator: OpenStackSimulator; close(): Promise<void> }
> {
  const simulator = await startOpenStackSimulator();
  simulator.neutron.agents.hosts.add('node-1');
  const { username, password, projectId } = simulator.facts.users.admin;
  const cloud = await openCloud({
    origin: 'the simulated cloud',
    authUrl: simulator.facts.authUrl,
    authentication: { method: 'password', user: { name: username, domain: { name: 'Default' } }, password },
    scope: { project: { id: projectId } },
    region: simulator.facts.region,
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {},
  });
  const close = async () => {
    cloud.close();
    await simulator.close();
  };
  return { facts: simulator.facts, cloud, host: 'node-1', simulator, close };
}
