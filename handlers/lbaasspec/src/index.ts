import { LB_SERVICE_TYPES } from '@kuryr-l7/config';
import type { HandlerPlugin } from '@kuryr-l7/plugin';
import { ServiceSpecHandler } from './service-spec-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'lbaasspec',
  routes: false,
  pluginApi: 1,
  options: [LB_SERVICE_TYPES],
  uses: ['service-project-driver', 'service-subnets-driver', 'service-security-groups-driver'],
  handler: ServiceSpecHandler,
};
export default plugin;
