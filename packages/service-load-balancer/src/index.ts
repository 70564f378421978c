export * from './change.js';
export {
  ANNOTATION_TABLE,
  type AnnotationRow,
  HARMLESS_ANNOTATIONS,
  NAMING_ANNOTATIONS,
  type NamingAnnotation,
} from './compile/annotation-table.js';
export { isWithin } from './compile/cidrs.js';
export * from './compile/compile-load-balancer.js';
export { SERVICE_FINALIZER } from './compile/service-claim.js';
export { staysInProject } from './compile/stays-in-project.js';
export { type VipPlace, vipPlaceProblems } from './compile/vip-place.js';
export { descriptionOf, type MadeForService, serviceDescribedBy } from './made-for-service.js';
export { type MemberSecurityGroup, memberSecurityGroup, type Opening } from './member-security-group.js';
export * from './model.js';
export * from './observed.js';
export { planLoadBalancer, planMembers } from './plan/plan-load-balancer.js';
export { endpointOf } from './plan/same.js';
export * from './problem.js';
export * from './service.js';
export * from './settings.js';
