import type { L7RouterDriverPlugin } from '@kuryr-l7/plugin';
import { LocalDriver } from './local-driver.js';
import { LOCAL_ROUTER_OPTIONS } from './options.js';

export { createLocalRouter } from './create-local-router.js';
export type { LocalRouter } from './local-router.js';
export type { LocalRouterOptions, Timeouts, TlsCredentials } from './local-router-options.js';
export type { LocalRouterStatistics, Outcome, RequestCount } from './statistics.js';

const plugin: L7RouterDriverPlugin = {
  type: 'l7-router-driver',
  name: 'local',
  pluginApi: 1,
  options: LOCAL_ROUTER_OPTIONS,
  driver: LocalDriver,
};

export default plugin;
