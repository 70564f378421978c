import { startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { type CloudUnderTest, type CloudUser, countedCloud } from './cloud-under-test.js';

const NODE = 'node-1';

/** A simulated cloud that answers at once. */
export async function openSimulatedCloud(user: CloudUser): Promise<CloudUnderTest> {
  const simulator = await startOpenStackSimulator({ timing: () => 1 });
  simulator.neutron.agents.hosts.add(NODE);
  return countedCloud('the simulated cloud', simulator.facts, user, NODE, () => simulator.close());
}
