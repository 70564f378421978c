import type { HandlerPlugin } from '@kuryr-l7/plugin';
import { ServiceSpecHandler } from './service-spec-handler.js';

const plugin: HandlerPlugin = {
  type: 'handler',
  name: 'lbaasspec',
  pluginApi: 1,
  uses: ['service-project-driver', 'service-subnets-driver', 'service-security-groups-driver'],
  handler: ServiceSpecHandler,
};
export default plugin;
