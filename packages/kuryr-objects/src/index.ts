export * from './annotations.js';
export type { Field } from './fields/field.js';
export type { ObjectClass } from './fields/object-class.js';
export * from './lbaas-objects.js';
export * from './payload.js';
export { PayloadError } from './payload-error.js';
export * from './pod-state.js';
export * from './vif-objects.js';
