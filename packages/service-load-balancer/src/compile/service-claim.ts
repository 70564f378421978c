import type { Problem } from '../problem.js';
import type { Service } from '../service.js';
import type { LoadBalancerSettings, ServiceType } from '../settings.js';
import { SERVICE_TYPES } from '../settings.js';
import { INTERNAL_ANNOTATION, OCCM_PREFIX, SOURCE_RANGES_ANNOTATION } from './annotation-table.js';

/** Those of the table that have no prefix of their own. */
const SERVICE_ANNOTATIONS: readonly string[] = [INTERNAL_ANNOTATION, SOURCE_RANGES_ANNOTATION];

/** Kubernetes' own, set by whichever cloud controller made a load balancer for the Service. */
const CLOUD_CONTROLLER_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

/** Holds a Service until what was made for it is gone. */
export const SERVICE_FINALIZER = 'kuryr.openstack.org/service-finalizer';

/**
 * Whether a Service is to have a load balancer of ours: `wanted`; `none`, its type gets none, or another controller serves
 * it; `kept`, another controller should serve it, and it has one of ours, which nobody has said that it may lose.
 */
export type ServiceClaim =
  | { readonly claim: 'wanted' }
  | { readonly claim: 'none'; readonly problem?: Problem }
  | { readonly claim: 'kept'; readonly problem: Problem };

export function claimOf(service: Service, settings: LoadBalancerSettings): ServiceClaim {
  const { spec = {}, metadata } = service;
  if (settings.serviceTypes.length === 0) return { claim: 'none' };
  const type = spec.type ?? 'ClusterIP';
  const isHeld = metadata.finalizers?.includes(SERVICE_FINALIZER) === true;
  if (type === 'LoadBalancer' && !isOurClass(spec.loadBalancerClass, settings)) {
    const reason = '[kubernetes] lb_handle_classless and lb_class leave this Service to another controller';
    return isHeld ? kept('spec.loadBalancerClass', reason) : { claim: 'none' };
  }
  const unfit = unfitness(service);
  if (unfit !== undefined)
    return isHeld || asksForLoadBalancer(service) ? { claim: 'none', problem: unfit } : { claim: 'none' };
  if (!isServed(type, settings)) {
    // One of another type may have been of this one before: nothing tells whether its user or a setting changed.
    const isOut = type === 'LoadBalancer' && isHeld;
    return isOut ? kept('spec.type', '[kubernetes] lb_service_types leaves its type out') : { claim: 'none' };
  }
  if (type === 'LoadBalancer' && metadata.finalizers?.includes(CLOUD_CONTROLLER_FINALIZER) === true) {
    const finalizer = `the finalizer ${CLOUD_CONTROLLER_FINALIZER} says that a cloud controller serves this Service`;
    if (isHeld) return kept('metadata.finalizers', `${finalizer}, too`);
    return {
      claim: 'none',
      problem: {
        reason: 'ServedByAnotherController',
        field: 'metadata.finalizers',
        message: `${finalizer}, so it is left alone; give Services of ours spec.loadBalancerClass ${settings.loadBalancerClass}`,
      },
    };
  }
  if ((spec.ports ?? []).length === 0) return { claim: 'none' };
  return { claim: 'wanted' };
}

/** Why no Service of its kind can have a load balancer. */
function unfitness({ spec = {} }: Service): Problem | undefined {
  if (spec.type === 'ExternalName') {
    return {
      reason: 'ServiceTypeNotSupported',
      field: 'spec.type',
      message: 'a Service of type ExternalName is a name in DNS and has no endpoints: it gets no load balancer',
    };
  }
  if (spec.clusterIP !== 'None') return undefined;
  return {
    reason: 'HeadlessService',
    field: 'spec.clusterIP',
    message: 'a headless Service is reached by the addresses of its Pods: it gets no load balancer',
  };
}

/** Most ExternalName and headless Services are nothing but names in DNS, and are told nothing. */
function asksForLoadBalancer({ metadata, spec = {} }: Service): boolean {
  const names = Object.keys(metadata.annotations ?? {});
  return (
    names.some((name) => name.startsWith(OCCM_PREFIX) || SERVICE_ANNOTATIONS.includes(name)) ||
    spec.loadBalancerClass !== undefined ||
    (spec.loadBalancerIP ?? '') !== '' ||
    (spec.loadBalancerSourceRanges ?? []).length > 0
  );
}

/** What is published is not taken away by a setting, or by the start of another controller. */
function kept(field: string, reason: string): ServiceClaim {
  const message = `${reason}, and it has a load balancer of ours: that and its floating IP stay, and its members follow. To give them up, set spec.type to ClusterIP until the Event KuryrReleaseLB comes, or delete the Service`;
  return { claim: 'kept', problem: { reason: 'LoadBalancerKept', field, message } };
}

function isOurClass(name: string | undefined, settings: LoadBalancerSettings): boolean {
  return name === undefined ? settings.handleClassless : name === settings.loadBalancerClass;
}

function isServed(type: string, { serviceTypes }: LoadBalancerSettings): boolean {
  const known: ServiceType | undefined = SERVICE_TYPES.find((one) => one === type);
  return known !== undefined && serviceTypes.includes(known);
}
