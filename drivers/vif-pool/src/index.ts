import type { DriverPlugin } from '@kuryr-l7/plugin';
import { NeutronVifPool } from './neutron-vif-pool.js';
import { NoopVifPool } from './noop-vif-pool.js';
import {
  POOLS_VIF_DRIVERS,
  PORTS_POOL_BATCH,
  PORTS_POOL_MAX,
  PORTS_POOL_MIN,
  PORTS_POOL_UPDATE_FREQUENCY,
  VIF_POOL_MAPPING,
} from './options.js';
import { requireOnePool } from './require-one-pool.js';

export { NeutronVifPool } from './neutron-vif-pool.js';
export { NoopVifPool } from './noop-vif-pool.js';

const common = { type: 'vif-pool-driver', pluginApi: 1, uses: ['pod-vif-driver'], check: requireOnePool } as const;
const mappings = [VIF_POOL_MAPPING, POOLS_VIF_DRIVERS];
const pool = {
  ...common,
  options: [PORTS_POOL_MAX, PORTS_POOL_MIN, PORTS_POOL_BATCH, PORTS_POOL_UPDATE_FREQUENCY, ...mappings],
  driver: NeutronVifPool,
} as const;

/** Kuryr has `neutron` and `nested` for its two drivers of VIFs; the one here works with any. */
const plugins: readonly DriverPlugin<'vif-pool-driver'>[] = [
  { ...common, name: 'noop', options: mappings, driver: NoopVifPool },
  { ...pool, name: 'neutron' },
  { ...pool, name: 'nested' },
];
export default plugins;
