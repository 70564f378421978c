import 'reflect-metadata';

export type { Configuration, Option, OptionType } from '@kuryr-l7/config';
export type * from '@kuryr-l7/kube';
export * from './desired-router.js';
export * from './errors.js';
export * from './handler.js';
export * from './l7-router-driver.js';
export * from './plugin.js';
export * from './route-annotations.js';
export * from './tokens.js';
