import { type HandlerPlugin, requireOwnClusterId } from '@kuryr-l7/plugin';
import { PodVifHandler } from './pod-vif-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'vif',
  pluginApi: 1,
  uses: ['pod-project-driver', 'pod-subnets-driver', 'pod-security-groups-driver', 'vif-pool-driver'],
  check: (configuration) => requireOwnClusterId(configuration, 'the handler vif makes ports of Pods'),
  handler: PodVifHandler,
};
export default plugin;
