export * from './action-class.js';
export * from './apply-change.js';
export * from './capabilities.js';
export * from './change.js';
export * from './change-refused-error.js';
export * from './compilation.js';
export * from './compile/assemble-router.js';
export * from './compile/compile-router.js';
export * from './compile/ingress-compiler.js';
export {
  type AddressFamily,
  type EndpointPort,
  type EndpointState,
  endpointState,
  poolMembers,
  serviceOfSlice,
} from './compile/pool-members.js';
export * from './empty-router.js';
export * from './kubernetes.js';
export * from './match/decision.js';
export type { HeaderValue, RouteRequest } from './match/request.js';
export * from './match/route.js';
export * from './match/route-index.js';
export type { TraceEntry, Verdict } from './match/trace.js';
export * from './model.js';
export { sameRule } from './model-equality.js';
export * from './plan/count-writes.js';
export * from './plan/describe-change.js';
export * from './plan/plan.js';
export { comparePolicy } from './plan/policies/policy-difference.js';
export { compareMembers, type MemberDifference } from './plan/pools/members.js';
export * from './policy-key.js';
export * from './policy-order.js';
export * from './policy-shape.js';
export * from './problem.js';
export * from './rule-forms.js';
