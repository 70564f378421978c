export type { ClusterFacts } from './defaults/index.js';
export type { ServiceAllocator } from './defaults/service.js';
export { createSchemaProvider } from './schema-provider.js';
