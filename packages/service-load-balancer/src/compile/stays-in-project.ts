import type { Service } from '../service.js';
import { readAnnotations } from './annotations.js';

/**
 * Whether a floating IP stays in the project when its Service lets go of it: the Service keeps it, or names it. So, too,
 * where the Service can't have what it asks for, or gets no load balancer any more.
 */
export function staysInProject(service: Service, address: string): boolean {
  return service.spec?.loadBalancerIP === address || readAnnotations(service).annotations.keepFloatingIp === true;
}
