import { type HandlerPlugin, requireOwnClusterId } from '@kuryr-l7/plugin';
import { MULTI_VIF_DRIVERS } from './options.js';
import { PodVifHandler } from './pod-vif-handler.js';

export { nextLook } from './activation-pace.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'vif',
  routes: false,
  pluginApi: 1,
  options: [MULTI_VIF_DRIVERS],
  uses: ['pod-project-driver', 'pod-subnets-driver', 'pod-security-groups-driver', 'vif-pool-driver'],
  check: (configuration) => requireOwnClusterId(configuration, 'the handler vif makes ports of Pods'),
  handler: PodVifHandler,
};
export default plugin;
