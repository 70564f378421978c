/**
 * Why something that an object asks for is not routed. Reasons are stable: they are Event reasons and, as
 * `openstack.org/<reason>`, the `ports[].error` of an Ingress's status.
 */
export type ProblemReason =
  | 'ServiceNotFound'
  | 'ServicePortNotFound'
  | 'ServiceTypeNotSupported'
  | 'ResourceBackendNotSupported'
  | 'InvalidHost'
  | 'InvalidPath'
  | 'InvalidBackend'
  | 'HostClaimed'
  | 'PathClaimed'
  | 'DefaultBackendClaimed'
  | 'RouterCannotExpress';

export interface Problem {
  readonly reason: ProblemReason;
  /** Where in the object, e.g. `spec.rules[0].http.paths[1].backend.service.name`. */
  readonly field: string;
  /** The object, the reason and the remedy, in one sentence or two, for the person who wrote the object. */
  readonly message: string;
}
