import { LB_SERVICE_TYPES } from '@kuryr-l7/config';
import { type Configuration, requireServiceSubnet } from '@kuryr-l7/plugin';
import type { NamingAnnotation } from '@kuryr-l7/service-load-balancer';
import { LB_PERMITTED_ANNOTATIONS } from '../options.js';

/** Annotations by which a Service says itself where its VIP is; not where that is the clusterIP. */
const PLACES: readonly NamingAnnotation[] = ['port-id', 'network-id', 'subnet-id'];

/**
 * That kuryr.conf says where VIPs are, unless each Service may say it.
 * @throws ConfigurationError
 */
export function requireVipSettings(configuration: Configuration): void {
  const areClusterIpsVips = configuration.get(LB_SERVICE_TYPES).includes('ClusterIP');
  const permitted = configuration.get(LB_PERMITTED_ANNOTATIONS);
  if (!areClusterIpsVips && PLACES.some((place) => permitted.includes(place))) return;
  requireServiceSubnet(configuration, 'load balancers of Services have their VIPs in it');
}
