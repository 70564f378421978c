import {
  ENDPOINTS_LBAAS_DRIVER,
  L7_ROUTER_DRIVER,
  type Option,
  POD_PROJECT_DRIVER,
  POD_SECURITY_GROUPS_DRIVER,
  POD_SUBNETS_DRIVER,
  POD_VIF_DRIVER,
  SERVICE_PROJECT_DRIVER,
  SERVICE_PUBLIC_IP_DRIVER,
  SERVICE_SECURITY_GROUPS_DRIVER,
  SERVICE_SUBNETS_DRIVER,
  VIF_POOL_DRIVER,
} from '@kuryr-l7/config';
import type { DriverType } from '@kuryr-l7/plugin';

/** The option of kuryr.conf that chooses the driver of each type. */
export const DRIVER_OPTIONS: { readonly [T in DriverType]: Option<string> } = {
  'l7-router-driver': L7_ROUTER_DRIVER,
  'pod-project-driver': POD_PROJECT_DRIVER,
  'pod-subnets-driver': POD_SUBNETS_DRIVER,
  'pod-security-groups-driver': POD_SECURITY_GROUPS_DRIVER,
  'pod-vif-driver': POD_VIF_DRIVER,
  'vif-pool-driver': VIF_POOL_DRIVER,
  'service-project-driver': SERVICE_PROJECT_DRIVER,
  'service-subnets-driver': SERVICE_SUBNETS_DRIVER,
  'service-security-groups-driver': SERVICE_SECURITY_GROUPS_DRIVER,
  'endpoints-lbaas-driver': ENDPOINTS_LBAAS_DRIVER,
  'service-public-ip-driver': SERVICE_PUBLIC_IP_DRIVER,
};

export function isDriverType(type: unknown): type is DriverType {
  return typeof type === 'string' && Object.hasOwn(DRIVER_OPTIONS, type);
}
