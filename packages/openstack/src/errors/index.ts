export * from './answer-error.js';
export * from './api-error.js';
export * from './catalog-error.js';
export * from './cloud-configuration-error.js';
export * from './connection-error.js';
export * from './openstack-error.js';
export * from './provider-error.js';
export * from './unknown-outcome-error.js';
