import { descriptionOf } from './made-for-service.js';
import type { LoadBalancer, TransportProtocol } from './model.js';

/** A security group that lets load balancers reach the members of a Service, for those that are ports of nodes. */
export interface MemberSecurityGroup {
  readonly name: string;
  readonly description: string;
  /** What is let in, sorted. */
  readonly openings: readonly Opening[];
  /** Addresses of the members, sorted: the Neutron ports that have the group. */
  readonly addresses: readonly string[];
  /** By address, for people. */
  readonly nodeNames?: ReadonlyMap<string, string>;
}

export interface Opening {
  readonly protocol: TransportProtocol;
  readonly port: number;
}

/** Neutron's limit for names. */
const LONGEST = 255;

/**
 * The group for the members of a load balancer. Name and description are those of the octavia-ingress-controller's guide
 * (`k8s_ing_<cluster>_<namespace>_<name>`), which operators know, with Services in the place of Ingresses.
 */
export function memberSecurityGroup(
  { service, listeners }: Pick<LoadBalancer, 'service' | 'listeners'>,
  clusterId: string,
): MemberSecurityGroup {
  const openings = new Map<string, Opening>();
  const addresses = new Set<string>();
  const nodeNames = new Map<string, string>();
  for (const { key, pool } of listeners) {
    const protocol = key.slice(0, key.indexOf(':')) as TransportProtocol;
    for (const { address, port, monitorPort, nodeName } of pool.members) {
      addresses.add(address);
      if (nodeName !== undefined) nodeNames.set(address, nodeName);
      openings.set(`${protocol}:${port}`, { protocol, port });
      if (monitorPort !== undefined) openings.set(`TCP:${monitorPort}`, { protocol: 'TCP', port: monitorPort });
    }
  }
  return {
    name: `k8s_svc_${clusterId}_${service.replace('/', '_')}`.slice(0, LONGEST),
    description: descriptionOf('security group', service, clusterId),
    openings: [...openings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, opening]) => opening),
    addresses: [...addresses].sort(),
    nodeNames,
  };
}
