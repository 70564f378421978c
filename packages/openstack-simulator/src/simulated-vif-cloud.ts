import { type Cloud, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings } from './cloud-settings.js';
import type { OpenStackFacts } from './facts.js';
import { type OpenStackSimulator, startOpenStackSimulator } from './start-openstack-simulator.js';

/** A simulated cloud for ports of Pods. */
export interface SimulatedVifCloud {
  readonly simulator: OpenStackSimulator;
  readonly facts: OpenStackFacts;
  /** Of the administrator, who may bind ports to hosts. */
  readonly cloud: Cloud;
  /** The only host with an agent of Neutron. */
  readonly host: string;
  close(): Promise<void>;
}

/** Starts a cloud whose `node-1` has an agent of Neutron, and opens it as its administrator. */
export async function simulatedVifCloud(): Promise<SimulatedVifCloud> {
  const simulator = await startOpenStackSimulator();
  const { facts } = simulator;
  const host = 'node-1';
  simulator.neutron.agents.hosts.add(host);
  const cloud = await openCloud(cloudSettings(facts, facts.users.admin));
  const close = async () => {
    cloud.close();
    await simulator.close();
  };
  return { simulator, facts, cloud, host, close };
}
