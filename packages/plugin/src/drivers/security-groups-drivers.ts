import type { ObjectOf, PODS, SERVICES } from '@kuryr-l7/kube';
import type { Driver } from './driver.js';

/** Says which security groups the ports of a Pod have. Named by `[kubernetes] pod_security_groups_driver`. */
export interface PodSecurityGroupsDriver extends Driver {
  /**
   * @param projectId as the `pod_project_driver` says
   * @returns ids; none leaves it to Neutron, which gives the project's own group
   * @throws ConfigurationError, NotReadyError
   */
  getSecurityGroups(pod: ObjectOf<typeof PODS>, projectId: string, signal: AbortSignal): Promise<readonly string[]>;
}

/**
 * Says which security groups the load balancer of a Service has. Named by `[kubernetes] service_security_groups_driver`.
 */
export interface ServiceSecurityGroupsDriver extends Driver {
  /**
   * @param projectId as the `service_project_driver` says
   * @returns ids; none leaves it to Octavia, which makes a group for the ports of the listeners
   * @throws ConfigurationError, NotReadyError
   */
  getSecurityGroups(
    service: ObjectOf<typeof SERVICES>,
    projectId: string,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
}
