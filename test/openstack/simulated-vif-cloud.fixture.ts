import { openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import type { VifCloud } from './pod-vif-cloud.fixture.js';

/** A simulated cloud, seen by its administrator, with an agent of Neutron on `node-1`. */
export async function simulatedVifCloud(): Promise<
  VifCloud & { readonly simulator: OpenStackSimulator; close(): Promise<void> }
> {
  const simulator = await startOpenStackSimulator();
  simulator.neutron.agents.hosts.add('node-1');
  const cloud = await openCloud(cloudSettings(simulator.facts, simulator.facts.users.admin));
  const close = async () => {
    cloud.close();
    await simulator.close();
  };
  return { facts: simulator.facts, cloud, host: 'node-1', simulator, close };
}
