import type {
  EventsV1Event,
  V1ConfigMap,
  V1EndpointSlice,
  V1Endpoints,
  V1Ingress,
  V1IngressClass,
  V1Lease,
  V1Namespace,
  V1Node,
  V1Pod,
  V1Secret,
  V1Service,
} from '@kubernetes/client-node';
import type { RawObject } from './raw.js';
import type { ResourceKind } from './resource-kind.js';

/** The type of a kind's objects: `ObjectOf<typeof INGRESSES>`. */
export type ObjectOf<K> = K extends ResourceKind<infer T> ? T : never;

// Interfaces, so that declaration files name these and not client-node's models, which their readers may not have.
export interface IngressObject extends RawObject<V1Ingress> {}
export interface IngressClassObject extends RawObject<V1IngressClass> {}
export interface ServiceObject extends RawObject<V1Service> {}
export interface EndpointSliceObject extends RawObject<V1EndpointSlice> {}
export interface EndpointsObject extends RawObject<V1Endpoints> {}
export interface PodObject extends RawObject<V1Pod> {}
export interface NodeObject extends RawObject<V1Node> {}
export interface NamespaceObject extends RawObject<V1Namespace> {}
export interface SecretObject extends RawObject<V1Secret> {}
export interface ConfigMapObject extends RawObject<V1ConfigMap> {}
export interface LeaseObject extends RawObject<V1Lease> {}
export interface EventObject extends RawObject<EventsV1Event> {}

export const INGRESSES: ResourceKind<IngressObject> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  namespaced: true,
};

export const INGRESS_CLASSES: ResourceKind<IngressClassObject> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
};

export const SERVICES: ResourceKind<ServiceObject> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
};

export const ENDPOINT_SLICES: ResourceKind<EndpointSliceObject> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
};

export const ENDPOINTS: ResourceKind<EndpointsObject> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  namespaced: true,
};

export const PODS: ResourceKind<PodObject> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
};

export const NODES: ResourceKind<NodeObject> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
};

export const NAMESPACES: ResourceKind<NamespaceObject> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

export const SECRETS: ResourceKind<SecretObject> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

export const CONFIG_MAPS: ResourceKind<ConfigMapObject> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

export const LEASES: ResourceKind<LeaseObject> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

export const EVENTS: ResourceKind<EventObject> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
