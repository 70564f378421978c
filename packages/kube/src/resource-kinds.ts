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

export const INGRESSES: ResourceKind<RawObject<V1Ingress>> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  namespaced: true,
};

export const INGRESS_CLASSES: ResourceKind<RawObject<V1IngressClass>> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
};

export const SERVICES: ResourceKind<RawObject<V1Service>> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
};

export const ENDPOINT_SLICES: ResourceKind<RawObject<V1EndpointSlice>> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
};

export const ENDPOINTS: ResourceKind<RawObject<V1Endpoints>> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  namespaced: true,
};

export const PODS: ResourceKind<RawObject<V1Pod>> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
};

export const NODES: ResourceKind<RawObject<V1Node>> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
};

export const NAMESPACES: ResourceKind<RawObject<V1Namespace>> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

export const SECRETS: ResourceKind<RawObject<V1Secret>> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};

export const CONFIG_MAPS: ResourceKind<RawObject<V1ConfigMap>> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

export const LEASES: ResourceKind<RawObject<V1Lease>> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

export const EVENTS: ResourceKind<RawObject<EventsV1Event>> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
