import type { HandlerPlugin } from '@kuryr-l7/plugin';
import { needsCloud } from './configured-settings.js';
import { LB_OPTIONS } from './options.js';
import { ServiceHandler } from './service-handler.js';

export { ServiceHandler } from './service-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'lb',
  pluginApi: 1,
  options: LB_OPTIONS,
  uses: (configuration) =>
    needsCloud(configuration)
      ? [
          'endpoints-lbaas-driver',
          'service-public-ip-driver',
          'service-project-driver',
          'service-subnets-driver',
          'service-security-groups-driver',
        ]
      : [],
  handler: ServiceHandler,
};
export default plugin;
