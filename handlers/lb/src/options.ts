import {
  AUTH_URL,
  boolean,
  CLUSTER_ID,
  EXTERNAL_SVC_NET,
  integer,
  LB_ALGORITHM,
  LB_SERVICE_TYPES,
  list,
  OS_CLOUD,
  oneOf,
  optional,
  POD_SUBNET,
  RESYNC_PERIOD,
  SERVICE_SUBNET,
  string,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
} from '@kuryr-l7/config';
import type { Option } from '@kuryr-l7/plugin';
import {
  DEFAULT_LOAD_BALANCER_SETTINGS,
  type MemberMode,
  NAMING_ANNOTATIONS,
  type NamingAnnotation,
} from '@kuryr-l7/service-load-balancer';

export const LB_CLASS: Option<string> = {
  group: 'kubernetes',
  name: 'lb_class',
  type: string(),
  default: DEFAULT_LOAD_BALANCER_SETTINGS.loadBalancerClass,
  help: 'Services with this spec.loadBalancerClass are ours. The default is the name of our IngressClass controller.',
};

export const LB_HANDLE_CLASSLESS: Option<boolean> = {
  group: 'kubernetes',
  name: 'lb_handle_classless',
  type: boolean(),
  default: DEFAULT_LOAD_BALANCER_SETTINGS.handleClassless,
  help:
    'Services of type LoadBalancer without spec.loadBalancerClass are ours, too. On by default; turn it off where the ' +
    'OpenStack cloud controller manager serves them.',
};

export const LB_PERMITTED_ANNOTATIONS: Option<readonly NamingAnnotation[]> = {
  group: 'kubernetes',
  name: 'lb_permitted_annotations',
  type: list(oneOf(NAMING_ANNOTATIONS)),
  default: DEFAULT_LOAD_BALANCER_SETTINGS.permittedAnnotations,
  help:
    'Annotations loadbalancer.openstack.org/… naming things in OpenStack that Services may have. We act with the rights of ' +
    "[neutron], so by the others whoever may write a Service reaches any port, network or certificate of the project: add them only where all of them may. The default has those that reach nobody else's.",
};

export const LB_WORKERS: Option<number> = {
  group: 'kubernetes',
  name: 'lb_workers',
  type: integer({ minimum: 1, maximum: 64 }),
  default: 8,
  help: 'Services whose load balancers are made or changed at once. The default leaves Octavia room for others.',
};

export const OCTAVIA_PROVIDER: Option<string> = {
  group: 'kubernetes',
  name: 'endpoints_driver_octavia_provider',
  type: string(),
  default: 'default',
  help: "Octavia's provider of new load balancers of Services. The default leaves it to the cloud.",
};

export const MEMBER_MODE: Option<MemberMode> = {
  group: 'octavia_defaults',
  name: 'member_mode',
  type: oneOf(['L3', 'L2', 'nodeport']),
  default: DEFAULT_LOAD_BALANCER_SETTINGS.memberMode,
  help:
    'How load balancers of Services reach their members: L3 routes to the addresses of Pods, L2 has a leg in pod_subnet, ' +
    "nodeport goes to ports of the nodes, where Pods can't be reached. The default is Kuryr's.",
};

export const HEALTH_MONITOR: Option<boolean> = {
  group: 'octavia_defaults',
  name: 'health_monitor',
  type: boolean(),
  default: DEFAULT_LOAD_BALANCER_SETTINGS.healthMonitor,
  help: 'Pools of Services have a health monitor. Off by default, as Kubernetes itself looks after its endpoints.',
};

export const FLAVOR: Option<string | undefined> = {
  group: 'octavia_defaults',
  name: 'flavor',
  type: optional(string()),
  default: undefined,
  help: "Id of Octavia's flavor for new load balancers of Services. Not set by default: the cloud's own.",
};

export const MANAGE_SECURITY_GROUPS: Option<boolean> = {
  group: 'octavia_defaults',
  name: 'manage_security_groups',
  type: boolean(),
  default: false,
  help:
    'With member_mode = nodeport, give the Neutron ports of the nodes a security group for each Service, which lets its ' +
    'load balancer reach the node ports. Off by default: ports of nodes are yours.',
};

export const LB_OPTIONS: readonly Option[] = [
  LB_SERVICE_TYPES,
  LB_CLASS,
  LB_HANDLE_CLASSLESS,
  LB_PERMITTED_ANNOTATIONS,
  LB_WORKERS,
  OCTAVIA_PROVIDER,
  MEMBER_MODE,
  LB_ALGORITHM,
  HEALTH_MONITOR,
  FLAVOR,
  MANAGE_SECURITY_GROUPS,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
  AUTH_URL,
  OS_CLOUD,
  CLUSTER_ID,
  EXTERNAL_SVC_NET,
  POD_SUBNET,
  SERVICE_SUBNET,
  RESYNC_PERIOD,
];
