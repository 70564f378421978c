import {
  BadRequestError,
  type Cloud,
  ForbiddenError,
  type LoadBalancer,
  NotFoundError,
  refuseProviderWithoutL7,
} from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';

/**
 * The load balancer that kuryr.conf names, if it can be our router.
 *
 * @throws ConfigurationError for a wrong UUID, another project's load balancer, or a provider without L7 policies
 */
export async function openLoadBalancer(cloud: Cloud, id: string, signal: AbortSignal): Promise<LoadBalancer> {
  const option = `[ingress] l7_router_uuid = ${id}`;
  try {
    const router = await cloud.octavia.loadBalancers.get(id, { signal });
    refuseProviderWithoutL7(router);
    return router;
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof BadRequestError) {
      throw new ConfigurationError(
        `${option}: there is no such load balancer at ${cloud.origin}; look for it with "openstack loadbalancer list", or make one with "kuryr-l7 router create"`,
        { cause: error },
      );
    }
    if (error instanceof ForbiddenError) {
      throw new ConfigurationError(
        `${option}: the load balancer is of another project, or the user of [neutron] lacks the role load-balancer_member: ${await whoWeAre(cloud)}. Name a load balancer of that project, log in to the other one in [neutron], or have an administrator add the role (${error.status} ${error.fault}, ${error.requestId ?? 'no request id'})`,
        { cause: error },
      );
    }
    throw asRouterError(error, option);
  }
}

async function whoWeAre({ keystone }: Cloud): Promise<string> {
  const { userName, projectName, roles } = await keystone.identity();
  return `we are user ${userName} of project ${projectName ?? '(none)'} with the roles ${roles.join(', ') || '(none)'}`;
}
