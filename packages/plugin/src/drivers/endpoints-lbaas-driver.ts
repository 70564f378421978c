import type { LBaaSState } from '@kuryr-l7/kuryr-objects';
import type { ObjectKey } from '@kuryr-l7/router';
import type { LoadBalancer, MemberSecurityGroup, Problem } from '@kuryr-l7/service-load-balancer';
import type { Driver } from './driver.js';

/** The load balancer that a Service should have. */
export interface LoadBalancerRequest {
  readonly wanted: LoadBalancer;
  /** Id of the project that it is made in. */
  readonly projectId: string;
  /** Ids of security groups that its VIP has beside those that Octavia gives it. @default none */
  readonly securityGroups?: readonly string[];
  /** The security group that the ports of its members have. Absent: whoever made the members opens them. */
  readonly memberSecurityGroup?: MemberSecurityGroup;
}

/** What a Service has. */
export interface LoadBalancerReport {
  readonly vipAddress: string;
  /** Id of the port of the VIP. */
  readonly vipPortId: string;
  /** Ids of the subnet and the network of the VIP, where the driver knows them. */
  readonly vipSubnetId: string | undefined;
  readonly vipNetworkId: string | undefined;
  /** For the annotation `openstack.org/kuryr-lbaas-state`; without the public address, which is another driver's. */
  readonly state: LBaaSState;
  /** Writes that it took; 0 where it was as wanted. */
  readonly writes: number;
  /** What could not be had while the rest is in effect, for an Event on the Service. @default none */
  readonly problems?: readonly Problem[];
}

/** A Service that load balancers of this cluster were made for, whether it is there or not. */
export interface SurveyedService {
  readonly service: ObjectKey;
  /** What it has fails, or others have changed it since it was ensured: it should be ensured soon. */
  readonly needsCare: boolean;
}

/**
 * Gives Services load balancers of their own. Named by `[kubernetes] endpoints_lbaas_driver`. Unlike Kuryr's it is told the
 * whole load balancer and finds out by itself what to write. Calls for different Services are made at the same time, never
 * two for one; all may be made again after a failure of which nobody knows how far it went.
 */
export interface EndpointsLbaasDriver extends Driver {
  /**
   * Makes the load balancer of a Service as wanted; resolves when it is in effect. What was made by others stays. Where
   * the same was asked before, changes by others may be found only after a {@link survey}.
   * @throws LoadBalancerPendingError, as all that writes here; ConfigurationError; errors that say why it is not as wanted
   *   yet, and whether trying again can help
   */
  ensureLoadBalancer(request: LoadBalancerRequest, signal: AbortSignal): Promise<LoadBalancerReport>;
  /**
   * Sets the members of the ports of a Service that have a pool already, and changes nothing else: for one that asks for
   * something that it can't have. Nothing there is no error.
   */
  setMembers(request: LoadBalancerRequest, signal: AbortSignal): Promise<void>;
  /** Deletes what the Service has; resolves when it is gone. Nothing there is no error. */
  releaseLoadBalancer(service: ObjectKey, signal: AbortSignal): Promise<void>;
  /**
   * Looks at all load balancers of this cluster by few requests, so that `ensureLoadBalancer` compares again what may have
   * changed, and need not read what has not.
   */
  survey(signal: AbortSignal): Promise<readonly SurveyedService[]>;
}
