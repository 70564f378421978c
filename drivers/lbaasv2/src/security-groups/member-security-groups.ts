import { isIPv6 } from 'node:net';
import {
  ConflictError,
  changeSecurityGroups,
  ifThere,
  type LoadBalancer,
  type NeutronClient,
  type Port,
  type SecurityGroup,
  type SecurityGroupRule,
} from '@kuryr-l7/openstack';
import type { LoadBalancerRequest, ObjectKey } from '@kuryr-l7/plugin';
import type { Member, MemberSecurityGroup, Problem } from '@kuryr-l7/service-load-balancer';
import { asLoadBalancerError } from '../errors.js';
import type { ServiceOwnership } from '../service-ownership.js';

/** Where traffic to the members comes from, and where they are. */
interface MemberPlace {
  /** Of the Service, its group and its members; an administrator sees what is in others, too. */
  readonly projectId: string;
  /** The subnet that the load balancer sends from. */
  readonly sourceSubnetId: string;
  /** The subnet of the members; absent: wherever one port of the project has the address. */
  readonly memberSubnetId?: string;
}

/** What came of it. */
export interface MembersOpened {
  /** Writes that it took. */
  readonly writes: number;
  /** Of nodes that the group could not be given to; the others have it. */
  readonly problems: readonly Problem[];
}

interface Rule {
  readonly protocol: string;
  readonly port: number;
  readonly prefix: string;
}

/**
 * The security group of each Service that lets its load balancer reach ports of the nodes, and the Neutron ports of the
 * nodes that have it. Known by its tags and, until it has them, by its description.
 */
export class MemberSecurityGroups {
  #writes = 0;

  constructor(
    private readonly neutron: NeutronClient,
    private readonly ownership: ServiceOwnership,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Has the members of a Service reached from where its load balancer sends; where that is not asked for, no group is left.
   * @param like a member whose subnet all have
   * @throws KuryrError as {@link asLoadBalancerError} says
   */
  async open(
    { wanted, projectId, memberSecurityGroup }: LoadBalancerRequest,
    { vip_subnet_id }: LoadBalancer,
    like: Pick<Member, 'subnetId'> | undefined = wanted.listeners[0]?.pool.members[0],
  ): Promise<MembersOpened> {
    const memberSubnetId = like?.subnetId;
    const place = {
      projectId,
      sourceSubnetId: memberSubnetId ?? vip_subnet_id ?? '',
      ...(memberSubnetId !== undefined && { memberSubnetId }),
    };
    try {
      if (memberSecurityGroup !== undefined) return await this.#ensure(wanted.service, memberSecurityGroup, place);
      for (const group of await this.#find(wanted.service)) await this.#remove(group);
      return { writes: 0, problems: [] };
    } catch (error) {
      throw asLoadBalancerError(error, `set the security groups of ${wanted.name}`);
    }
  }

  /** Takes the group off all ports and deletes it. Nothing there is no error. @throws as `open` */
  async release(service: ObjectKey): Promise<void> {
    try {
      for (const group of await this.#find(service)) await this.#remove(group);
    } catch (error) {
      throw asLoadBalancerError(error, `delete the security group of the members of ${service}`);
    }
  }

  async #ensure(service: ObjectKey, wanted: MemberSecurityGroup, place: MemberPlace): Promise<MembersOpened> {
    const { signal } = this;
    this.#writes = 0;
    const [group, ...more] = (await this.#find(service)).filter(({ project_id }) => project_id === place.projectId);
    for (const one of more) await this.#remove(one);
    const there = group ?? (await this.#create(wanted, place));
    if (there.tags.length === 0) await this.#tag(there, service);
    const { cidr } = await this.neutron.subnets.get(place.sourceSubnetId, { signal });
    await this.#setRules(there, wanted, cidr);
    const byAddress = await this.#portsOf(wanted, place);
    await this.#setPorts(there, [...byAddress.values()]);
    return { writes: this.#writes, problems: problemsOf(byAddress, wanted.nodeNames) };
  }

  async #find(service: ObjectKey): Promise<readonly SecurityGroup[]> {
    const { neutron, ownership, signal } = this;
    const [tagged, described] = await Promise.all([
      neutron.securityGroups.list({ tags: ownership.search(service) }, { signal }),
      neutron.securityGroups.list({ description: ownership.securityGroupDescription(service) }, { signal }),
    ]);
    const found = new Map<string, SecurityGroup>();
    for (const one of tagged) if (ownership.serviceOf(one) === service) found.set(one.id, one);
    // Made, and given no tags any more.
    for (const one of described) if (one.tags.length === 0) found.set(one.id, one);
    return [...found.values()];
  }

  async #create({ name, description }: MemberSecurityGroup, { projectId }: MemberPlace): Promise<SecurityGroup> {
    const group = await this.neutron.securityGroups.create({ name, description, project_id: projectId });
    this.#writes += 1;
    return group;
  }

  async #tag({ id }: SecurityGroup, service: ObjectKey): Promise<void> {
    await this.neutron.setTags('security-groups', id, this.ownership.loadBalancerTags(service));
    this.#writes += 1;
  }

  /** What is missing before what is too much, so that nothing that goes on is cut. */
  async #setRules(group: SecurityGroup, { openings }: MemberSecurityGroup, prefix: string): Promise<void> {
    const wanted = openings.map(({ protocol, port }): Rule => ({ protocol: protocol.toLowerCase(), port, prefix }));
    const there = group.security_group_rules.filter(({ direction }) => direction === 'ingress');
    for (const rule of wanted) {
      if (!there.some((one) => isRule(one, rule))) await this.#open(group.id, rule);
    }
    for (const one of there) {
      if (wanted.some((rule) => isRule(one, rule))) continue;
      await ifThere(() => this.neutron.securityGroupRules.delete(one.id));
      this.#writes += 1;
    }
  }

  async #open(security_group_id: string, { protocol, port, prefix }: Rule): Promise<void> {
    const ethertype = isIPv6(prefix.split('/')[0] ?? '') ? 'IPv6' : 'IPv4';
    const range = { port_range_min: port, port_range_max: port, remote_ip_prefix: prefix };
    this.#writes += 1;
    try {
      const rule = { security_group_id, direction: 'ingress', ethertype, protocol, ...range } as const;
      await this.neutron.securityGroupRules.create(rule);
    } catch (error) {
      // The same rule is there already.
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  /** Neutron ports at the addresses of the members; of one that is no machine of the project there are none. */
  async #portsOf(
    { addresses }: MemberSecurityGroup,
    { memberSubnetId, projectId }: MemberPlace,
  ): Promise<ReadonlyMap<string, readonly Port[]>> {
    if (addresses.length === 0) return new Map();
    const fixed_ips = addresses.map((address) => `ip_address=${address}`);
    const ports = await this.neutron.ports.list({ fixed_ips, project_id: projectId }, { signal: this.signal });
    const isAt = (port: Port, address: string) =>
      port.fixed_ips.some(
        (fixed) => fixed.ip_address === address && (memberSubnetId === undefined || fixed.subnet_id === memberSubnetId),
      );
    return new Map(addresses.map((address) => [address, ports.filter((one) => isAt(one, address))]));
  }

  /** Of several ports with one address nobody knows which is the node's: none gets the group, and one that has it keeps it. */
  async #setPorts(group: SecurityGroup, nodes: readonly (readonly Port[])[]): Promise<void> {
    for (const [port, ...others] of nodes) {
      if (port === undefined || others.length > 0 || port.security_groups.includes(group.id)) continue;
      await this.#change(port, (groups) => [...groups.filter((one) => one !== group.id), group.id]);
    }
    const ids = new Set(nodes.flat().map(({ id }) => id));
    await this.#takeOff(group, (port) => !ids.has(port.id));
  }

  async #takeOff({ id }: SecurityGroup, isMeant: (port: Port) => boolean): Promise<void> {
    const holders = await this.neutron.ports.list({ security_groups: id }, { signal: this.signal });
    for (const port of holders.filter(isMeant)) {
      await ifThere(() => this.#change(port, (groups) => groups.filter((one) => one !== id)));
    }
  }

  /** Workers for other Services write to the same ports. */
  async #change(port: Port, change: (groups: readonly string[]) => readonly string[]): Promise<void> {
    if (await changeSecurityGroups(this.neutron, port, change)) this.#writes += 1;
  }

  async #remove(group: SecurityGroup): Promise<void> {
    await this.#takeOff(group, () => true);
    await ifThere(() => this.neutron.securityGroups.delete(group.id));
    this.#writes += 1;
  }
}

function problemsOf(
  ports: ReadonlyMap<string, readonly Port[]>,
  nodeNames: MemberSecurityGroup['nodeNames'],
): readonly Problem[] {
  const title = (address: string) => {
    const name = nodeNames?.get(address);
    return name === undefined ? address : `${name} (${address})`;
  };
  const nodes = (isMeant: (count: number) => boolean) =>
    [...ports].filter(([, { length }]) => isMeant(length)).map(([address]) => title(address));
  const missing = nodes((count) => count === 0).join(', ');
  const ambiguous = nodes((count) => count > 1).join(', ');
  const messages = [
    missing === ''
      ? ''
      : `the project has no Neutron port with the address of these nodes, so nothing is opened there: ${missing}; open the node ports yourself, or leave the node out by the label node.kubernetes.io/exclude-from-external-load-balancers`,
    ambiguous === ''
      ? ''
      : `several Neutron ports of the project have the address of these nodes, so nothing is opened there: ${ambiguous}; name the subnet of the nodes by the annotation loadbalancer.openstack.org/member-subnet-id, or open the node ports yourself`,
  ];
  return messages
    .filter((message) => message !== '')
    .map((message) => ({ reason: 'NodeNotOpened', field: 'nodes', message }));
}

function isRule(one: SecurityGroupRule, { protocol, port, prefix }: Rule): boolean {
  const { protocol: there, port_range_min, port_range_max, remote_ip_prefix } = one;
  return there === protocol && port_range_min === port && port_range_max === port && remote_ip_prefix === prefix;
}
