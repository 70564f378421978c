import type { ApiObject } from '../../api-server/api-object.js';
import type { Resource } from './resource.js';

export interface ObjectTarget {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

export interface EndpointPort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly appProtocol?: string;
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: ObjectTarget;
}

export type AddressType = 'IPv4' | 'IPv6';

export interface EndpointSlice extends ApiObject {
  addressType: string;
  endpoints?: readonly Endpoint[];
  ports?: readonly EndpointPort[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: ObjectTarget;
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly EndpointPort[];
}

/** The older form of endpoints: one object a Service, of the same name. */
export interface Endpoints extends ApiObject {
  subsets?: readonly EndpointSubset[];
}

export const ENDPOINT_SLICES: Resource<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
};

export const ENDPOINTS: Resource<Endpoints> = { group: '', version: 'v1', plural: 'endpoints', kind: 'Endpoints' };

/** Whose slice it is. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
/** Which controller writes the slice. */
export const SLICE_MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
/** On the endpoints of a Service without a cluster address. */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';
