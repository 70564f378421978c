export * from './option.js';
