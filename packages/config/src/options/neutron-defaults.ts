import type { Option } from '../option.js';
import { list } from '../types/list.js';
import { optional } from '../types/optional.js';
import { string } from '../types/string.js';
import { uuid } from '../types/uuid.js';

const group = 'neutron_defaults';

function text(name: string, help: string): Option<string | undefined> {
  return { group, name, type: optional(string()), default: undefined, help };
}

function id(name: string, help: string): Option<string | undefined> {
  return { group, name, type: optional(uuid()), default: undefined, help };
}

// Each is defined here once, as several handlers and drivers share it; those that use it name it among their options.

export const NEUTRON_PROJECT = text(
  'project',
  'Id of the project of OpenStack that load balancers of Services and ports of Pods belong to. Not set by default: the ' +
    'project that [neutron] logs in to.',
);

export const POD_SUBNET = id(
  'pod_subnet',
  'Id of the subnet that Pods have their addresses in. Not set by default, as only you know it; needed where a handler ' +
    'asks for it.',
);

export const SERVICE_SUBNET = id(
  'service_subnet',
  'Id of the subnet that Services have their clusterIP in, which holds the whole service-cluster-ip-range of the cluster. ' +
    'Not set by default, as only you know it; needed where a handler asks for it.',
);

export const POD_SECURITY_GROUPS: Option<readonly string[]> = {
  group,
  name: 'pod_security_groups',
  type: list(uuid()),
  default: [],
  help: "Ids of the security groups of Pods, and of load balancers of Services. Empty by default: the project's own.",
};

export const OVS_BRIDGE = text(
  'ovs_bridge',
  'Integration bridge of Open vSwitch that ports of Pods are plugged into, where Neutron does not tell it. Not set by ' +
    'default: Neutron tells it of ports that its Open vSwitch agents serve.',
);

export const RESOURCE_TAGS: Option<readonly string[]> = {
  group,
  name: 'resource_tags',
  type: list(string()),
  default: [],
  help: 'Tags for the ports of Pods and the networks of namespaces, besides the tag of the cluster. Empty by default.',
};

export const EXTERNAL_SVC_NET = text(
  'external_svc_net',
  'Id or name of the external network that floating IPs are taken from. Not set by default, as only you know it.',
);

export const EXTERNAL_SVC_SUBNET = id(
  'external_svc_subnet',
  'Id of the subnet of external_svc_net that floating IPs are taken from. Not set by default: any subnet of the network.',
);
