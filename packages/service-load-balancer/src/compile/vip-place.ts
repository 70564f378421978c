import type { Problem } from '../problem.js';
import { sameUuid } from '../same-uuid.js';
import type { Service } from '../service.js';
import type { LoadBalancerSettings } from '../settings.js';
import { OCCM_PREFIX } from './annotation-table.js';
import { type Annotations, fieldOf, readAnnotations } from './annotations.js';

/** Where the VIP of a load balancer is; what is not known is undefined. */
export interface VipPlace {
  readonly vipPortId: string | undefined;
  readonly vipNetworkId: string | undefined;
  readonly vipSubnetId: string | undefined;
}

/** Octavia moves no VIP: annotations of a Service that ask for another place than where it is. */
export function vipPlaceProblems(
  service: Service,
  { serviceTypes, permittedAnnotations }: Pick<LoadBalancerSettings, 'serviceTypes' | 'permittedAnnotations'>,
  there: VipPlace,
): readonly Problem[] {
  // The VIP is the clusterIP then, wherever annotations would have it.
  if (serviceTypes.includes('ClusterIP')) return [];
  const { portId, networkId, subnetId } = readAnnotations(service, permittedAnnotations).annotations;
  if (portId !== undefined) return problemOf('port', portId, there.vipPortId);
  return [...problemOf('network', networkId, there.vipNetworkId), ...problemOf('subnet', subnetId, there.vipSubnetId)];
}

function problemOf(
  kind: 'port' | 'network' | 'subnet',
  asked: Annotations['portId'],
  there: string | undefined,
): readonly Problem[] {
  if (asked === undefined || there === undefined || sameUuid(asked, there)) return [];
  return [
    {
      reason: 'LoadBalancerPlaceFixed',
      field: fieldOf(`${OCCM_PREFIX}${kind}-id`),
      message: `the load balancer has its VIP in ${kind} ${there}, and no VIP moves: for another load balancer, with its VIP in ${asked}, delete the Service and make it again, or set spec.type to ClusterIP until the Event KuryrReleaseLB comes`,
    },
  ];
}
