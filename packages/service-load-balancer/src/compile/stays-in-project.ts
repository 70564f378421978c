import type { Service } from '../service.js';
import { OCCM_PREFIX } from './annotation-table.js';
import { fieldOf, readAnnotations } from './annotations.js';

const KEEP = fieldOf(`${OCCM_PREFIX}keep-floatingip`);

/**
 * Whether a floating IP stays in the project when its Service lets go of it: the Service keeps it, or names it. So, too,
 * where the Service can't have what it asks for, or gets no load balancer any more, or where it does not say clearly whether
 * it keeps it: a deleted address never comes back.
 */
export function staysInProject(service: Service, address: string): boolean {
  if (service.spec?.loadBalancerIP === address) return true;
  const { annotations, refusals } = readAnnotations(service);
  return annotations.keepFloatingIp === true || refusals.some(({ field }) => field === KEEP);
}
