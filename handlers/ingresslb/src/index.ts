import type { HandlerPlugin } from '@kuryr-l7/plugin';
import { IngressHandler } from './ingress-handler.js';

export { IngressHandler } from './ingress-handler.js';

const plugin: HandlerPlugin = { type: 'handler', name: 'ingresslb', pluginApi: 1, handler: IngressHandler };
export default plugin;
