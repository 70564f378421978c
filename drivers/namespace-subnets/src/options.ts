import { type Option, optional, uuid } from '@kuryr-l7/config';

const group = 'namespace_subnet';

export const POD_ROUTER: Option<string | undefined> = {
  group,
  name: 'pod_router',
  type: optional(uuid()),
  default: undefined,
  help:
    'Id of the router that joins the subnets of namespaces, with pod_subnets_driver = namespace. Not set by default, as only ' +
    'you know it.',
};

export const POD_SUBNET_POOL: Option<string | undefined> = {
  group,
  name: 'pod_subnet_pool',
  type: optional(uuid()),
  default: undefined,
  help:
    'Id of the pool of subnets that those of namespaces are taken from, with pod_subnets_driver = namespace. Not set by ' +
    'default, as only you know it.',
};
