export * from './kubernetes-object.js';
export * from './kubernetes-writer.js';
export * from './logger.js';
export * from './resource-kind.js';
export * from './watched-kind.js';
