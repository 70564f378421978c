import type { Option } from '../option.js';
import { string } from '../types/string.js';

function driver(name: string, ours: string, help: string): Option<string> {
  return {
    group: 'kubernetes',
    name,
    type: string(),
    default: ours,
    help: `${help} One of ours by its short name, any other by the name of its npm package. The default is Kuryr's.`,
  };
}

export const POD_PROJECT_DRIVER = driver(
  'pod_project_driver',
  'default',
  'Driver that says in which project of OpenStack the ports of a Pod are: default is [neutron_defaults] project.',
);
export const POD_SUBNETS_DRIVER = driver(
  'pod_subnets_driver',
  'default',
  'Driver that says in which subnets a Pod has its addresses: default is [neutron_defaults] pod_subnet; namespace makes a ' +
    'network for each namespace.',
);
export const POD_SECURITY_GROUPS_DRIVER = driver(
  'pod_security_groups_driver',
  'default',
  'Driver that says which security groups the ports of a Pod have: default is [neutron_defaults] pod_security_groups.',
);
export const SERVICE_PROJECT_DRIVER = driver(
  'service_project_driver',
  'default',
  'Driver that says in which project of OpenStack the load balancer of a Service is: default is [neutron_defaults] ' +
    'project.',
);
export const SERVICE_SUBNETS_DRIVER = driver(
  'service_subnets_driver',
  'default',
  'Driver that says in which subnets Services have their addresses: default is [neutron_defaults] service_subnet.',
);
export const SERVICE_SECURITY_GROUPS_DRIVER = driver(
  'service_security_groups_driver',
  'default',
  'Driver that says which security groups the load balancer of a Service has: default is [neutron_defaults] ' +
    'pod_security_groups, as in Kuryr.',
);
export const POD_VIF_DRIVER = driver(
  'pod_vif_driver',
  'neutron-vif',
  'Driver that gives Pods their network interfaces: neutron-vif a port of Neutron each, on nodes that Neutron itself ' +
    'serves; nested-vlan a port that is a VLAN of the trunk of a node that is a server of the cloud.',
);
export const VIF_POOL_DRIVER = driver(
  'vif_pool_driver',
  'noop',
  'Driver that keeps interfaces ready for Pods to come: noop keeps none; neutron keeps ports of Neutron.',
);
export const ENDPOINTS_LBAAS_DRIVER = driver(
  'endpoints_lbaas_driver',
  'lbaasv2',
  'Driver that gives Services load balancers of their own: lbaasv2 makes them in Octavia.',
);
export const SERVICE_PUBLIC_IP_DRIVER = driver(
  'service_public_ip_driver',
  'neutron_floating_ip',
  'Driver that gives Services of type LoadBalancer the address they have outside: neutron_floating_ip takes floating IPs ' +
    'from [neutron_defaults] external_svc_net.',
);

/** The options of section `[kubernetes]` that name the drivers which handlers work with. */
export const DRIVER_NAME_OPTIONS: readonly Option[] = [
  POD_PROJECT_DRIVER,
  POD_SUBNETS_DRIVER,
  POD_SECURITY_GROUPS_DRIVER,
  SERVICE_PROJECT_DRIVER,
  SERVICE_SUBNETS_DRIVER,
  SERVICE_SECURITY_GROUPS_DRIVER,
  POD_VIF_DRIVER,
  VIF_POOL_DRIVER,
  ENDPOINTS_LBAAS_DRIVER,
  SERVICE_PUBLIC_IP_DRIVER,
];
