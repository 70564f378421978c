import type { HandlerPlugin } from '@kuryr-l7/plugin';
import { LB_OPTIONS, LB_SERVICE_TYPES } from './options.js';
import { ServiceHandler } from './service-handler.js';

export { ServiceHandler } from './service-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'lb',
  pluginApi: 1,
  options: LB_OPTIONS,
  uses: (configuration) =>
    configuration.get(LB_SERVICE_TYPES).length === 0
      ? []
      : ['endpoints-lbaas-driver', 'service-public-ip-driver', 'service-project-driver', 'service-subnets-driver'],
  handler: ServiceHandler,
};
export default plugin;
