/** Why something of a Service is not as it asks. Stable: they are the reasons of Events. */
export type ProblemReason =
  | 'ServiceTypeNotSupported'
  | 'HeadlessService'
  | 'NoClusterIP'
  | 'NoServiceSubnet'
  | 'ProtocolNotSupported'
  | 'NodePortMissing'
  | 'SecondAddressFamilyNotServed'
  | 'InvalidSourceRange'
  | 'SourceRangesOfOtherFamily'
  | 'InvalidLoadBalancerIP'
  | 'InvalidAnnotation'
  | 'AnnotationNotBoolean'
  | 'AnnotationNotSupported'
  | 'AnnotationNotPermitted'
  | 'AnnotationsContradict'
  | 'UnknownAnnotation'
  | 'LoadBalancerPlaceFixed'
  | 'FloatingIpKept'
  | 'NodeNotOpened'
  | 'ServedByAnotherController'
  | 'LoadBalancerKept';

export interface Problem {
  readonly reason: ProblemReason;
  /** Where in the object, e.g. `spec.ports[0].protocol`. */
  readonly field: string;
  /** The object, the reason and the remedy, for the person who wrote the Service. */
  readonly message: string;
}
