import { dict, integer, type Option } from '@kuryr-l7/config';

const group = 'vif_pool';

export const PORTS_POOL_MAX: Option<number> = {
  group,
  name: 'ports_pool_max',
  type: integer({ minimum: 0 }),
  default: 0,
  help: 'Most ports that a pool keeps of those that Pods have left; 0 is no limit. The default is that of Kuryr.',
};

export const PORTS_POOL_MIN: Option<number> = {
  group,
  name: 'ports_pool_min',
  type: integer({ minimum: 1 }),
  default: 5,
  help: 'A pool with fewer ports than these is filled up. The default is that of Kuryr.',
};

export const PORTS_POOL_BATCH: Option<number> = {
  group,
  name: 'ports_pool_batch',
  type: integer({ minimum: 1 }),
  default: 10,
  help: 'Ports that are made in one request when a pool is filled up. The default is that of Kuryr.',
};

export const PORTS_POOL_UPDATE_FREQUENCY: Option<number> = {
  group,
  name: 'ports_pool_update_frequency',
  type: integer({ minimum: 0 }),
  default: 20,
  help:
    'Seconds between two attempts to fill up a pool that still has ports; an empty one is filled as soon as a Pod needs a ' +
    'port. The default is that of Kuryr.',
};

/** `pod_vif_driver` -> pool. */
export const VIF_POOL_MAPPING: Option<ReadonlyMap<string, string>> = {
  group,
  name: 'vif_pool_mapping',
  type: dict(),
  default: new Map(),
  help:
    "Kuryr's way to have several drivers at once. Here one pod_vif_driver and one vif_pool_driver serve all nodes: a mapping " +
    'that says anything else is refused. Empty by default, as in Kuryr.',
};

/** Pool -> `pod_vif_driver`. */
export const POOLS_VIF_DRIVERS: Option<ReadonlyMap<string, string>> = {
  group,
  name: 'pools_vif_drivers',
  type: dict(),
  default: new Map(),
  help: 'As vif_pool_mapping, the other way round. Empty by default, as in Kuryr.',
};
