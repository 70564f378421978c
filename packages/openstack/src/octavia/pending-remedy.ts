/**
 * What to do about a load balancer that stays PENDING, for messages: Octavia takes no change of it, so that nobody else can.
 *
 * @param id of the load balancer
 */
export function pendingRemedy(id: string): string {
  return `an administrator should look whether octavia-worker runs and reaches the amphorae ("openstack loadbalancer amphora list --loadbalancer ${id}")`;
}
