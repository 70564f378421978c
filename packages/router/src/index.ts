export * from './capabilities.js';
export * from './change.js';
export * from './compilation.js';
export * from './kubernetes.js';
export * from './model.js';
export * from './problem.js';
