import type { ApiObject } from '../../api-server/api-object.js';
import type { Labels } from './label-selector.js';
import { namedPort, type Pod } from './pod.js';
import type { Resource } from './resource.js';

export interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port: number;
  /** Default: the same as `port`. */
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Labels;
  readonly ports?: readonly ServicePort[];
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly publishNotReadyAddresses?: boolean;
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly loadBalancerClass?: string;
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
}

export interface Service extends ApiObject {
  spec: ServiceSpec;
}

export const SERVICES: Resource<Service> = { group: '', version: 'v1', plural: 'services', kind: 'Service' };

/** Whether its endpoints are found by a selector; otherwise they are made by hand, or are no business of the cluster (ExternalName). */
export function selectsPods(service: Service): service is Service & { spec: { readonly selector: Labels } } {
  return service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0;
}

export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === 'None';
}

/** The port of this Pod that a port of a Service leads to: a named one may have another number in each Pod, or none. */
export function targetPortOf(port: ServicePort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  return typeof target === 'number' ? target : namedPort(pod, target, port.protocol ?? 'TCP');
}
