export type { ClusterSession } from './cluster-session.js';
export * from './configuration/controller-configuration.js';
export * from './controller.js';
export type { LoadedPlugins } from './plugins/load-plugins.js';
