import { isIP } from 'node:net';
import type { ObjectOf, SERVICES } from '@kuryr-l7/kube';
import type { LBaaSPortSpec, LBaaSServiceSpec } from '@kuryr-l7/kuryr-objects';

type Service = ObjectOf<typeof SERVICES>;

/** What the drivers say of a Service. */
export interface ServicePlace {
  readonly projectId: string;
  /** Null where the VIP is not the clusterIP, so that it is wherever it is. */
  readonly subnetId: string | null;
  readonly securityGroups: readonly string[];
}

/**
 * The address that a load balancer of the Service has as its VIP: the clusterIP of a Service of type ClusterIP or
 * LoadBalancer. Undefined for the others, and for a Service that has no clusterIP: headless, or not given one yet.
 */
export function vipOf({ spec }: Service): string | undefined {
  const type = spec?.type ?? 'ClusterIP';
  if (type !== 'ClusterIP' && type !== 'LoadBalancer') return undefined;
  return spec?.clusterIP !== undefined && isIP(spec.clusterIP) !== 0 ? spec.clusterIP : undefined;
}

/** What such a Service asks of its load balancer, as Kuryr says it. */
export function serviceSpec({ spec }: Service, vip: string, place: ServicePlace): LBaaSServiceSpec {
  return {
    ip: vip,
    ports: (spec?.ports ?? []).map(portSpec),
    project_id: place.projectId,
    subnet_id: place.subnetId,
    security_groups_ids: place.securityGroups,
    type: spec?.type ?? 'ClusterIP',
    // The API server takes any text there; what is no address could not be read by Kuryr.
    lb_ip: spec?.loadBalancerIP !== undefined && isIP(spec.loadBalancerIP) !== 0 ? spec.loadBalancerIP : null,
  };
}

function portSpec({ name, protocol, port, targetPort }: ServicePort): LBaaSPortSpec {
  return { name: name ?? null, protocol: protocol ?? 'TCP', port, targetPort: String(targetPort ?? port) };
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];
