import type { LoadBalancer as OctaviaLoadBalancer } from '@kuryr-l7/openstack';
import type { LoadBalancerRequest } from '@kuryr-l7/plugin';

/**
 * Groups that the VIP has beside Octavia's own. None where a listener is open to some clients only: Octavia takes either
 * (400, measured on 16.0.0), and a further group would open it to more.
 */
export function vipSecurityGroups({ wanted, securityGroups = [] }: LoadBalancerRequest): readonly string[] {
  const isRestricted = wanted.listeners.some(({ settings }) => settings.allowedCidrs.length > 0);
  return isRestricted ? [] : securityGroups;
}

/** Whether the VIP has others than these. Where nobody names any, those that an administrator has given it are left. */
export function differs(
  { vip_sg_ids: there }: Pick<OctaviaLoadBalancer, 'vip_sg_ids'>,
  groups: readonly string[],
  { securityGroups = [] }: LoadBalancerRequest,
): boolean {
  if (groups.length === 0 && securityGroups.length === 0) return false;
  return there.length !== groups.length || there.some((id) => !groups.includes(id));
}
