import type { AddressFamily } from '@kuryr-l7/router';
import { HARMLESS_ANNOTATIONS, type NamingAnnotation } from './compile/annotation-table.js';
import type { HealthMonitor, LbAlgorithm, Placement } from './model.js';

export const SERVICE_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const;
export type ServiceType = (typeof SERVICE_TYPES)[number];

/** How members are reached: a leg in the subnet of the Pods, routed from the VIP's, or by ports of the nodes. */
export type MemberMode = 'L2' | 'L3' | 'nodeport';

/** What holds for the load balancers of all Services, until a Service asks for something else. */
export interface LoadBalancerSettings {
  /** `[ingress] cluster_id`. */
  readonly clusterId: string;
  /** Types of Services that get a load balancer; empty: none. */
  readonly serviceTypes: readonly ServiceType[];
  /** Services with this `spec.loadBalancerClass` are ours. */
  readonly loadBalancerClass: string;
  /** Services without a class are ours, too. */
  readonly handleClassless: boolean;
  /** Subnet of VIPs; where clusterIPs are VIPs, the subnet of the clusterIPs. */
  readonly vipSubnetId?: string;
  /** Of that subnet. Absent: unknown. */
  readonly vipCidr?: string;
  /** Of that subnet. Absent: the first of each Service. */
  readonly vipFamily?: AddressFamily;
  readonly memberMode: MemberMode;
  /** Subnet of the members: of the Pods in L2 mode, of the nodes in nodeport mode. Absent: routed. */
  readonly memberSubnetId?: string;
  readonly placement: Placement;
  readonly lbAlgorithm: LbAlgorithm;
  /** Milliseconds; absent: left to Octavia. */
  readonly timeoutClientData?: number;
  readonly timeoutMemberData?: number;
  /** Whether pools get a health monitor. */
  readonly healthMonitor: boolean;
  readonly monitor: Pick<HealthMonitor, 'delay' | 'timeout' | 'maxRetries' | 'maxRetriesDown'>;
  /** External network of floating IPs; absent: Services of type LoadBalancer are reached by their VIP. */
  readonly floatingNetworkId?: string;
  /** Annotations that name something in OpenStack and are heeded; a Service with another of them is refused. */
  readonly permittedAnnotations: readonly NamingAnnotation[];
}

/** OCCM's, which users know. */
export const DEFAULT_MONITOR: LoadBalancerSettings['monitor'] = {
  delay: 5,
  timeout: 3,
  maxRetries: 1,
  maxRetriesDown: 3,
};

/** What holds where kuryr.conf says nothing. */
export const DEFAULT_LOAD_BALANCER_SETTINGS: Omit<LoadBalancerSettings, 'clusterId'> = {
  serviceTypes: [],
  loadBalancerClass: 'openstack.org/kuryr-l7',
  handleClassless: true,
  memberMode: 'L3',
  placement: {},
  lbAlgorithm: 'ROUND_ROBIN',
  healthMonitor: false,
  monitor: DEFAULT_MONITOR,
  permittedAnnotations: HARMLESS_ANNOTATIONS,
};
