import type { Configuration } from '@kuryr-l7/config';
import type { KubernetesWriter, Logger } from '@kuryr-l7/kube';
import type { ServiceIdentifier } from 'inversify';
import type { DesiredRouter } from './desired-router.js';
import type { DriversByType, HelperDriverType } from './plugin.js';
import type { SharedCloud } from './shared-cloud.js';

/** What a plugin's class can be given: `constructor(@inject(TOKENS.logger) private readonly logger: Logger)`. */
export const TOKENS = {
  configuration: Symbol.for('@kuryr-l7/configuration') as ServiceIdentifier<Configuration>,
  logger: Symbol.for('@kuryr-l7/logger') as ServiceIdentifier<Logger>,
  kubernetes: Symbol.for('@kuryr-l7/kubernetes') as ServiceIdentifier<KubernetesWriter>,
  desiredRouter: Symbol.for('@kuryr-l7/desired-router') as ServiceIdentifier<DesiredRouter>,
  cloud: Symbol.for('@kuryr-l7/cloud') as ServiceIdentifier<SharedCloud>,
  podProjectDriver: driverToken('pod-project-driver'),
  podSubnetsDriver: driverToken('pod-subnets-driver'),
  podSecurityGroupsDriver: driverToken('pod-security-groups-driver'),
  podVifDriver: driverToken('pod-vif-driver'),
  vifPoolDriver: driverToken('vif-pool-driver'),
  serviceProjectDriver: driverToken('service-project-driver'),
  serviceSubnetsDriver: driverToken('service-subnets-driver'),
  serviceSecurityGroupsDriver: driverToken('service-security-groups-driver'),
  endpointsLbaasDriver: driverToken('endpoints-lbaas-driver'),
  servicePublicIpDriver: driverToken('service-public-ip-driver'),
} as const;

/** The token by which a plugin that `uses` a type of driver is given it. */
export function driverToken<T extends HelperDriverType>(type: T): ServiceIdentifier<DriversByType[T]> {
  return Symbol.for(`@kuryr-l7/${type}`);
}
