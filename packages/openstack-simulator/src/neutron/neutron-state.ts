import { freeAddress } from './addresses.js';
import type {
  FloatingIp,
  Network,
  Port,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  SubnetPool,
  Trunk,
} from './network-objects.js';

/** Everything that Neutron stores here. */
export class NeutronState {
  readonly networks = new Map<string, Network>();
  readonly subnets = new Map<string, Subnet>();
  readonly ports = new Map<string, Port>();
  readonly trunks = new Map<string, Trunk>();
  readonly subnetPools = new Map<string, SubnetPool>();
  readonly floatingIps = new Map<string, FloatingIp>();
  readonly securityGroups = new Map<string, SecurityGroup>();
  readonly securityGroupRules = new Map<string, SecurityGroupRule>();

  /** Addresses that were given back. */
  readonly #freed = new Set<string>();

  subnetsOf(networkId: string): Subnet[] {
    return [...this.subnets.values()].filter(({ network_id }) => network_id === networkId);
  }

  trunkOfSubport(portId: string): Trunk | undefined {
    return [...this.trunks.values()].find(({ sub_ports }) => sub_ports.some(({ port_id }) => port_id === portId));
  }

  /** Takes a port out; a floating IP that led to it is left without one. */
  removePort(id: string): void {
    for (const { ip_address } of this.ports.get(id)?.fixed_ips ?? []) this.#freed.add(ip_address);
    this.ports.delete(id);
    for (const floatingIp of this.floatingIps.values()) {
      if (floatingIp.port_id === id) this.detach(floatingIp);
    }
  }

  removeFloatingIp({ id, floating_ip_address }: FloatingIp): void {
    this.#freed.add(floating_ip_address);
    this.floatingIps.delete(id);
  }

  detach(floatingIp: FloatingIp): void {
    Object.assign(floatingIp, { port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN' });
  }

  /** Addresses of a subnet that are taken. */
  takenAddresses(subnet: Subnet): Set<string> {
    const fixed = [...this.ports.values()].flatMap(({ fixed_ips }) => fixed_ips);
    const floating = [...this.floatingIps.values()].filter((ip) => ip.floating_network_id === subnet.network_id);
    return new Set([
      subnet.gateway_ip,
      ...fixed.filter(({ subnet_id }) => subnet_id === subnet.id).map(({ ip_address }) => ip_address),
      ...floating.map(({ floating_ip_address }) => floating_ip_address),
    ]);
  }

  /** The lowest that nobody has had, so that none comes back by chance; else the lowest that nobody has; undefined: full. */
  freeAddress(subnet: Subnet): string | undefined {
    const taken = this.takenAddresses(subnet);
    return freeAddress(subnet.cidr, new Set([...taken, ...this.#freed])) ?? freeAddress(subnet.cidr, taken);
  }
}
