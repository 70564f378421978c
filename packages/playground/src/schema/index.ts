export { defaultIngressClassHook } from './default-ingress-class.js';
export { createSchemaProvider } from './schema-provider.js';
