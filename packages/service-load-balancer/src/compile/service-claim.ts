import type { Problem } from '../problem.js';
import type { Service } from '../service.js';
import type { LoadBalancerSettings, ServiceType } from '../settings.js';
import { SERVICE_TYPES } from '../settings.js';

/** Kubernetes' own, set by whichever cloud controller made a load balancer for the Service. */
const CLOUD_CONTROLLER_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

/**
 * Whether a Service is to have a load balancer of ours: `wanted`; `foreign`, another controller serves it and it is left
 * alone; `none`, its type gets none.
 */
export type ServiceClaim =
  | { readonly claim: 'wanted' }
  | { readonly claim: 'foreign' | 'none'; readonly problem?: Problem };

export function claimOf(service: Service, settings: LoadBalancerSettings): ServiceClaim {
  const { spec = {}, metadata } = service;
  if (settings.serviceTypes.length === 0) return { claim: 'none' };
  const type = spec.type ?? 'ClusterIP';
  if (type === 'LoadBalancer' && !isOurClass(spec.loadBalancerClass, settings)) return { claim: 'foreign' };
  if (type === 'ExternalName') {
    return {
      claim: 'none',
      problem: {
        reason: 'ServiceTypeNotSupported',
        field: 'spec.type',
        message: 'a Service of type ExternalName is a name in DNS and has no endpoints: it gets no load balancer',
      },
    };
  }
  if (!isServed(type, settings)) return { claim: 'none' };
  if (type === 'LoadBalancer' && metadata.finalizers?.includes(CLOUD_CONTROLLER_FINALIZER) === true) {
    return {
      claim: 'foreign',
      problem: {
        reason: 'ServedByAnotherController',
        field: 'metadata.finalizers',
        message: `the finalizer ${CLOUD_CONTROLLER_FINALIZER} says that a cloud controller serves this Service, so it is left alone; give Services of ours spec.loadBalancerClass ${settings.loadBalancerClass}`,
      },
    };
  }
  if (spec.clusterIP === 'None') {
    const problem: Problem = {
      reason: 'HeadlessService',
      field: 'spec.clusterIP',
      message: 'a headless Service is reached by the addresses of its Pods: it gets no load balancer',
    };
    return { claim: 'none', problem };
  }
  if ((spec.ports ?? []).length === 0) return { claim: 'none' };
  return { claim: 'wanted' };
}

function isOurClass(name: string | undefined, settings: LoadBalancerSettings): boolean {
  return name === undefined ? settings.handleClassless : name === settings.loadBalancerClass;
}

function isServed(type: string, { serviceTypes }: LoadBalancerSettings): boolean {
  const known: ServiceType | undefined = SERVICE_TYPES.find((one) => one === type);
  return known !== undefined && serviceTypes.includes(known);
}
