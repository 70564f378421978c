export * from './api-server/index.js';
export { type EmbeddedCluster, type EmbeddedClusterOptions, startEmbeddedCluster } from './embedded-cluster.js';
export type { EchoAnswer } from './node/echo.js';
export type { Playground, PlaygroundOptions } from './playground.js';
export { PlaygroundError } from './playground-error.js';
export { clusterText, type ReadyAddresses, type ReadyTextOptions, readyFileText, readyText } from './ready-text.js';
export { startPlayground } from './start-playground.js';
