import type { ClusterMarks } from '@kuryr-l7/openstack';

/** In the order in which they can be deleted: whatever another one refers to comes after it. */
export const KINDS = [
  'L7 policy',
  'pool',
  'load balancer',
  'floating IP',
  'port',
  'security group',
  'secret',
  'network',
] as const;

/** Something of a cluster in OpenStack that can be deleted. */
export interface ClusterObject {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  readonly name: string;
  /** The load balancer that a policy or pool is on. */
  readonly loadBalancerId?: string;
  /** The trunk that a port is a VLAN of. */
  readonly trunkId?: string;
  /** Where it is, for people: of a policy or pool its load balancer and, of a policy, the listener; of a port its trunk. */
  readonly place?: string;
  /** What others have made below it and goes with it, for people. */
  readonly takesAlong?: string;
}

/** What was found of a cluster. */
export interface Found {
  readonly objects: readonly ClusterObject[];
  /** Sentences about what is, or may be, this cluster's and stays. */
  readonly kept: readonly string[];
}

/** Which cluster. */
export interface ClusterIdentity {
  readonly marks: ClusterMarks;
  /** The L7 router of kuryr.conf, which stays. */
  readonly routerId: string | undefined;
}
