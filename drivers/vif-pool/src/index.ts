import type { DriverPlugin } from '@kuryr-l7/plugin';
import { NeutronVifPool } from './neutron-vif-pool.js';
import { NoopVifPool } from './noop-vif-pool.js';
import { PORTS_POOL_BATCH, PORTS_POOL_MAX, PORTS_POOL_MIN, PORTS_POOL_UPDATE_FREQUENCY } from './options.js';

export { NeutronVifPool } from './neutron-vif-pool.js';
export { NoopVifPool } from './noop-vif-pool.js';

const pool = {
  type: 'vif-pool-driver',
  pluginApi: 1,
  uses: ['pod-vif-driver'],
  options: [PORTS_POOL_MAX, PORTS_POOL_MIN, PORTS_POOL_BATCH, PORTS_POOL_UPDATE_FREQUENCY],
  driver: NeutronVifPool,
} as const;

/** Kuryr has `neutron` and `nested` for its two drivers of VIFs; the one here works with any. */
const plugins: readonly DriverPlugin<'vif-pool-driver'>[] = [
  { type: 'vif-pool-driver', name: 'noop', pluginApi: 1, uses: ['pod-vif-driver'], driver: NoopVifPool },
  { ...pool, name: 'neutron' },
  { ...pool, name: 'nested' },
];
export default plugins;
