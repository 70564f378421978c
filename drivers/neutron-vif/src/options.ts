import { boolean, integer, list, type Option, uuid } from '@kuryr-l7/config';

export const PORT_DEBUG: Option<boolean> = {
  group: 'kubernetes',
  name: 'port_debug',
  type: boolean(),
  default: false,
  help: 'Name the ports of Pods <namespace>/<name>. Off by default, as in Kuryr: names tell others what runs here.',
};

export const WORKER_NODES_SUBNETS: Option<readonly string[]> = {
  group: 'pod_vif_nested',
  name: 'worker_nodes_subnets',
  type: list(uuid()),
  default: [],
  deprecatedNames: ['worker_nodes_subnet'],
  help:
    'Ids of the subnets of the nodes, with pod_vif_driver = nested-vlan: the port with the address of a node in one of them ' +
    'is the parent port of its trunk. Empty by default, as only you know them.',
};

export const REV_UPDATE_ATTEMPTS: Option<number> = {
  group: 'pod_vif_nested',
  name: 'rev_update_attempts',
  type: integer({ minimum: 1 }),
  default: 3,
  help:
    'How often another VLAN is tried where somebody else has taken it meanwhile, with pod_vif_driver = nested-vlan. The ' +
    "default is Kuryr's.",
};
