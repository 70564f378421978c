import { type Cloud, NotFoundError } from '@kuryr-l7/openstack';
import { asLoadBalancerError, LoadBalancerRefusedError } from '../errors.js';

/**
 * That members which are taken away for the sake of another subnet can come back: Octavia looks for the subnet of a member
 * only when that is new, so it would take away those that serve, and then refuse the others.
 * @throws LoadBalancerRefusedError where it is not there; KuryrError as {@link asLoadBalancerError} says
 */
export async function requireMemberSubnet({ neutron }: Cloud, id: string, signal: AbortSignal): Promise<void> {
  try {
    await neutron.subnets.get(id, { signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw asLoadBalancerError(error, `look at subnet ${id} of the members`);
    throw new LoadBalancerRefusedError(
      `the subnet ${id} that members are to be reached by is not there: correct the annotation loadbalancer.openstack.org/member-subnet-id or, where there is none, [neutron_defaults] pod_subnet; members stay in the subnet that they have`,
      { cause: error },
    );
  }
}
