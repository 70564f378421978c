import type { HandlerPlugin } from '@kuryr-l7/plugin';
import { ServiceHandler } from './service-handler.js';

export { ServiceHandler } from './service-handler.js';

const plugin: HandlerPlugin = { type: 'handler', name: 'lb', pluginApi: 1, handler: ServiceHandler };
export default plugin;
