import type { LoadBalancer, OctaviaCapabilities, OctaviaClient } from '@kuryr-l7/openstack';
import type { LoadBalancerRequest } from '@kuryr-l7/plugin';
import { asLoadBalancerError } from '../errors.js';
import type { LoadBalancerLock } from '../writing/load-balancer-lock.js';

/** Security groups that a VIP has beside Octavia's own. */
export class VipSecurityGroups {
  constructor(
    private readonly octavia: OctaviaClient,
    private readonly lock: LoadBalancerLock,
  ) {}

  /**
   * Those that the VIP of a Service should have; undefined where Octavia gives none. None where a listener is open to some
   * clients only: Octavia takes either (400, measured on 16.0.0), and a further group would open it to more.
   */
  async of(
    { wanted, securityGroups = [] }: LoadBalancerRequest,
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined> {
    const { vipSecurityGroups: isCapable } = await this.#capabilities(signal);
    if (!isCapable) return undefined;
    const isRestricted = wanted.listeners.some(({ settings }) => settings.allowedCidrs.length > 0);
    return isRestricted ? [] : securityGroups;
  }

  /**
   * Gives them to a load balancer that has others. Where nobody names any, those that an administrator has given it are left.
   * @returns the writes that it took
   */
  async set(
    groups: readonly string[],
    { securityGroups = [] }: LoadBalancerRequest,
    { id, name, vip_sg_ids: there }: LoadBalancer,
    signal: AbortSignal,
  ): Promise<number> {
    if (groups.length === 0 && securityGroups.length === 0) return 0;
    if (there.length === groups.length && there.every((one) => groups.includes(one))) return 0;
    const send = () => this.octavia.loadBalancers.update(id, { vip_sg_ids: groups });
    await this.lock.write(id, `set the security groups of the VIP of ${name}`, send, signal);
    return 1;
  }

  async #capabilities(signal: AbortSignal): Promise<OctaviaCapabilities> {
    try {
      return await this.octavia.capabilities({ signal });
    } catch (error) {
      throw asLoadBalancerError(error, 'ask for the versions of Octavia');
    }
  }
}
