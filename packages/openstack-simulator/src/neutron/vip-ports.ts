import { randomUUID } from 'node:crypto';
import { ApiFault } from '../http/api-fault.js';
import type { VipNetwork } from '../octavia/octavia-context.js';
import { isInSubnet } from './addresses.js';
import type { Port, Subnet } from './network-objects.js';
import type { NeutronState } from './neutron-state.js';

/** The ports that Octavia makes for its VIPs, as its allowed_address_pairs_driver does. */
export class VipPorts implements VipNetwork {
  readonly #state: NeutronState;
  readonly #now: () => string;
  /** Ports that were there before: they are given back, not deleted. */
  readonly #borrowed = new Set<string>();

  constructor(state: NeutronState, now: () => string) {
    this.#state = state;
    this.#now = now;
  }

  networkOfSubnet(subnetId: string): string | undefined {
    return this.#state.subnets.get(subnetId)?.network_id;
  }

  subnetOfNetwork(networkId: string): string | undefined {
    return this.#state.subnetsOf(networkId)[0]?.id;
  }

  createVipPort({
    loadBalancerId,
    projectId,
    subnetId,
    address,
  }: {
    loadBalancerId: string;
    projectId: string;
    subnetId: string;
    address: string | null;
  }): { portId: string; address: string } {
    const subnet = this.#state.subnets.get(subnetId);
    if (subnet === undefined) throw new ApiFault(400, `Subnet ${subnetId} not found.`);
    const chosen = this.#choose(subnet, address);
    const port: Port = {
      id: randomUUID(),
      project_id: projectId,
      created_at: this.#now(),
      updated_at: this.#now(),
      revision_number: 1,
      description: '',
      tags: [],
      name: `octavia-lb-${loadBalancerId}`,
      network_id: subnet.network_id,
      fixed_ips: [{ subnet_id: subnetId, ip_address: chosen }],
      admin_state_up: false,
      status: 'DOWN',
      device_id: `lb-${loadBalancerId}`,
      device_owner: 'Octavia',
      // The group is Octavia's own: the user sees its id and not the group.
      security_groups: [randomUUID()],
    };
    this.#state.ports.set(port.id, port);
    return { portId: port.id, address: chosen };
  }

  takePort(portId: string): { address: string; subnetId: string; networkId: string } {
    const port = this.#state.ports.get(portId);
    const [fixed] = port?.fixed_ips ?? [];
    if (port === undefined || fixed === undefined) throw new ApiFault(400, `Port ${portId} not found.`);
    if (port.device_id !== '') {
      throw new ApiFault(400, `Validation failure: Port ${portId} is already used by device ${port.device_id} `);
    }
    this.#borrowed.add(portId);
    return { address: fixed.ip_address, subnetId: fixed.subnet_id, networkId: port.network_id };
  }

  deleteVipPort(portId: string): void {
    if (!this.#borrowed.has(portId)) this.#state.removePort(portId);
  }

  #choose(subnet: Subnet, wanted: string | null): string {
    if (wanted === null) {
      const free = this.#state.freeAddress(subnet);
      if (free === undefined) throw driverError(`No more IP addresses available on network ${subnet.network_id}.`);
      return free;
    }
    if (!isInSubnet(wanted, subnet.cidr)) {
      throw driverError(`IP address ${wanted} is not a valid IP for the specified subnet.`);
    }
    if (this.#state.takenAddresses(subnet).has(wanted)) throw driverError('ConflictException: 409');
    return wanted;
  }
}

function driverError(reason: string): ApiFault {
  return new ApiFault(500, `Provider 'amphora' reports error: ${reason}`);
}
