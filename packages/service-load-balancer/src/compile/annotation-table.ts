/** The prefix of the annotations of the OpenStack cloud controller manager (OCCM). */
export const OCCM_PREFIX = 'loadbalancer.openstack.org/';
export const INTERNAL_ANNOTATION = 'service.beta.kubernetes.io/openstack-internal-load-balancer';

/** Kubernetes' own, from the time before `spec.loadBalancerSourceRanges`. */
export const SOURCE_RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Annotations of OCCM, without their prefix, that name something in OpenStack: an operator says which of them are heeded. */
export const NAMING_ANNOTATIONS = [
  'port-id',
  'subnet-id',
  'network-id',
  'member-subnet-id',
  'floating-network-id',
  'floating-subnet-id',
  'default-tls-container-ref',
  'flavor-id',
  'availability-zone',
] as const;
export type NamingAnnotation = (typeof NAMING_ANNOTATIONS)[number];

/**
 * Those that reach nobody else's objects: flavors and zones are the cloud's, for every project of it, and a subnet has to
 * be one of the external network that the operator chose.
 */
export const HARMLESS_ANNOTATIONS: readonly NamingAnnotation[] = [
  'floating-subnet-id',
  'flavor-id',
  'availability-zone',
];

export interface AnnotationRow {
  readonly name: string;
  readonly support: 'supported' | 'where permitted' | 'refused' | 'passed over';
  /** What it does here, or why it is refused. */
  readonly note: string;
}

function row(support: AnnotationRow['support'], name: string, note: string): AnnotationRow {
  return { name: `${OCCM_PREFIX}${name}`, support, note };
}

/** Every annotation that OCCM reads on a Service, and what becomes of it here. */
export const ANNOTATION_TABLE: readonly AnnotationRow[] = [
  row('where permitted', 'floating-network-id', 'UUID of the external network of the floating IP'),
  row('supported', 'floating-subnet-id', 'UUID of the subnet of the floating IP'),
  row('refused', 'floating-subnet', 'names and patterns may mean another subnet tomorrow; use floating-subnet-id'),
  row('refused', 'floating-subnet-tags', 'tags may mean another subnet tomorrow; use floating-subnet-id'),
  row('refused', 'class', 'there are no sections [LoadBalancerClass]; use the annotations that the section stood for'),
  row('where permitted', 'subnet-id', 'UUID of the subnet of the VIP, when the load balancer is made'),
  row('where permitted', 'network-id', 'UUID of the network of the VIP, when the load balancer is made'),
  row('where permitted', 'port-id', 'UUID of the port that is the VIP, when the load balancer is made'),
  row('where permitted', 'member-subnet-id', 'UUID of the subnet of the members'),
  row('supported', 'connection-limit', 'most connections of each listener; -1 is no limit'),
  row('supported', 'keep-floatingip', 'true: the floating IP stays in the project when the Service is deleted'),
  row('supported', 'proxy-protocol', 'true or v1, or v2: members get the PROXY protocol; TCP only'),
  row('supported', 'x-forwarded-for', 'true: the listener speaks HTTP and adds X-Forwarded-For; TCP ports only'),
  row('supported', 'lb-method', 'ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP or SOURCE_IP_PORT (provider ovn)'),
  row('supported', 'timeout-client-data', 'milliseconds'),
  row('supported', 'timeout-member-connect', 'milliseconds'),
  row('supported', 'timeout-member-data', 'milliseconds'),
  row('supported', 'timeout-tcp-inspect', 'milliseconds'),
  row('supported', 'enable-health-monitor', 'whether pools have a health monitor'),
  row('supported', 'health-monitor-delay', 'seconds between two checks'),
  row('supported', 'health-monitor-timeout', 'seconds that a check may take, at most the delay'),
  row('supported', 'health-monitor-max-retries', '1 to 10 good checks until a member is used'),
  row('supported', 'health-monitor-max-retries-down', '1 to 10 bad checks until a member is not used'),
  row('supported', 'flavor-id', 'UUID of the flavor, when the load balancer is made'),
  row('supported', 'availability-zone', 'availability zone, when the load balancer is made'),
  row(
    'where permitted',
    'default-tls-container-ref',
    "Barbican's reference to a certificate: listeners are TERMINATED_HTTPS",
  ),
  row(
    'refused',
    'load-balancer-id',
    'a load balancer of another owner is never changed, and none is shared by Services',
  ),
  row('supported', 'hostname', 'host name in status.loadBalancer instead of the address'),
  row('passed over', 'load-balancer-address', 'OCCM writes it; here the address is in status.loadBalancer'),
  row(
    'supported',
    'node-selector',
    'labels `key=value,key` of the nodes that become members, with member_mode = nodeport',
  ),
  { name: INTERNAL_ANNOTATION, support: 'supported', note: 'true: no floating IP' },
  {
    name: SOURCE_RANGES_ANNOTATION,
    support: 'supported',
    note: 'ranges separated by commas, where `loadBalancerSourceRanges` is empty',
  },
];
