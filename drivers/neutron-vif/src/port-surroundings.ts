import type { Network, Port, Subnet } from '@kuryr-l7/openstack';
import type { SharedCloud } from '@kuryr-l7/plugin';
import { Recent } from './recent.js';

/** A port, and what is around it. */
export interface SurroundedPort {
  readonly port: Port;
  readonly network: Network;
  /** Those that the port has addresses in. */
  readonly subnets: readonly Subnet[];
}

/** Networks and subnets of ports; those of many ports are the same. */
export class PortSurroundings {
  readonly #networks: Recent<Network>;
  readonly #subnets: Recent<Subnet>;

  constructor(cloud: SharedCloud) {
    this.#networks = new Recent(async (id, signal) => (await cloud.open()).neutron.networks.get(id, { signal }));
    this.#subnets = new Recent(async (id, signal) => (await cloud.open()).neutron.subnets.get(id, { signal }));
  }

  /** @param known subnets that need not be asked for, in the order in which the port shall have them */
  async of(port: Port, known: readonly Subnet[], signal: AbortSignal): Promise<SurroundedPort> {
    const ids = new Set(port.fixed_ips.map(({ subnet_id }) => subnet_id));
    const others = [...ids].filter((id) => !known.some((subnet) => subnet.id === id));
    const [network, ...asked] = await Promise.all([
      this.#networks.get(port.network_id, signal),
      ...others.map((id) => this.#subnets.get(id, signal)),
    ]);
    return { port, network, subnets: [...known.filter(({ id }) => ids.has(id)), ...asked] };
  }
}
