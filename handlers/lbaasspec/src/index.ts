import { LB_SERVICE_TYPES, SERVICE_SUBNET } from '@kuryr-l7/config';
import { type HandlerPlugin, requireServiceSubnet } from '@kuryr-l7/plugin';
import { ServiceSpecHandler } from './service-spec-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'lbaasspec',
  routes: false,
  pluginApi: 1,
  options: [LB_SERVICE_TYPES, SERVICE_SUBNET],
  uses: ['service-project-driver', 'service-subnets-driver', 'service-security-groups-driver'],
  check: (configuration) => requireServiceSubnet(configuration, 'the handler lbaasspec looks for each clusterIP in it'),
  handler: ServiceSpecHandler,
};
export default plugin;
