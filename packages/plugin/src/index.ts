import 'reflect-metadata';

export type { Configuration, Option, OptionType } from '@kuryr-l7/config';
export type * from '@kuryr-l7/kube';
export {
  descriptionOf,
  isWithin,
  type MadeForService,
  SERVICE_FINALIZER,
  serviceDescribedBy,
} from '@kuryr-l7/service-load-balancer';
export * from './desired-router.js';
export type * from './drivers/driver.js';
export type * from './drivers/endpoints-lbaas-driver.js';
export type * from './drivers/pod-vif-driver.js';
export type * from './drivers/project-drivers.js';
export type * from './drivers/security-groups-drivers.js';
export type * from './drivers/service-public-ip-driver.js';
export type * from './drivers/subnets-drivers.js';
export type * from './drivers/vif-pool-driver.js';
export * from './errors.js';
export * from './handler.js';
export * from './l7-router-driver.js';
export * from './note-of.js';
export * from './own-cluster-id.js';
export * from './plugin.js';
export * from './route-annotations.js';
export * from './service-subnet.js';
export type * from './shared-cloud.js';
export * from './tokens.js';
export * from './try-each.js';
export * from './turns.js';
