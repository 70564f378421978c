import {
  AUTH_URL,
  CLUSTER_ID,
  EXTERNAL_SVC_NET,
  LB_ALGORITHM,
  LB_SERVICE_TYPES,
  OS_CLOUD,
  POD_SUBNET,
  TIMEOUT_CLIENT_DATA,
  TIMEOUT_MEMBER_DATA,
} from '@kuryr-l7/config';
import type { Configuration } from '@kuryr-l7/plugin';
import { DEFAULT_MONITOR, type LoadBalancerSettings } from '@kuryr-l7/service-load-balancer';
import * as options from '../options.js';

/** What kuryr.conf says of load balancers of Services; where the VIP is, is another driver's to say. */
export function configuredSettings(configuration: Configuration): LoadBalancerSettings {
  const memberMode = configuration.get(options.MEMBER_MODE);
  const podSubnet = configuration.get(POD_SUBNET);
  const provider = configuration.get(options.OCTAVIA_PROVIDER);
  const flavorId = configuration.get(options.FLAVOR);
  const floatingNetworkId = configuration.get(EXTERNAL_SVC_NET);
  const timeoutClientData = configuration.get(TIMEOUT_CLIENT_DATA);
  const timeoutMemberData = configuration.get(TIMEOUT_MEMBER_DATA);
  return {
    clusterId: configuration.get(CLUSTER_ID),
    serviceTypes: configuration.get(LB_SERVICE_TYPES),
    loadBalancerClass: configuration.get(options.LB_CLASS),
    handleClassless: configuration.get(options.LB_HANDLE_CLASSLESS),
    memberMode,
    ...(memberMode === 'L2' && podSubnet !== undefined && { memberSubnetId: podSubnet }),
    placement: {
      ...(provider !== 'default' && { provider }),
      ...(flavorId !== undefined && { flavorId }),
    },
    lbAlgorithm: configuration.get(LB_ALGORITHM),
    // 0 leaves it to Octavia.
    ...(timeoutClientData !== 0 && { timeoutClientData }),
    ...(timeoutMemberData !== 0 && { timeoutMemberData }),
    healthMonitor: configuration.get(options.HEALTH_MONITOR),
    monitor: DEFAULT_MONITOR,
    ...(floatingNetworkId !== undefined && { floatingNetworkId }),
    permittedAnnotations: configuration.get(options.LB_PERMITTED_ANNOTATIONS),
  };
}

/**
 * Whether Services may have something in OpenStack: they get it, or there is a cloud in which they got it before
 * `lb_service_types` was emptied.
 */
export function needsCloud(configuration: Configuration): boolean {
  const named = configuration.get(AUTH_URL) ?? configuration.get(OS_CLOUD);
  return configuration.get(LB_SERVICE_TYPES).length > 0 || named !== undefined;
}
