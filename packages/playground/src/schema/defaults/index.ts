import type { ApiObject } from '../../api-server/api-object.js';
import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import type { JsonObject } from '../json.js';
import type { ObjectSchema } from '../schema.js';
import {
  defaultCustomResourceDefinition,
  defaultEndpointSlice,
  defaultEndpoints,
  defaultNamespace,
  defaultSecret,
} from './cluster.js';
import { defaultCustomResource } from './custom-resource.js';
import { assignDefaultClass, defaultIngress, defaultIngressClass } from './ingress.js';
import { defaultPod } from './pod.js';
import { defaultService, type ServiceAllocator } from './service.js';
import { defaultDeployment, defaultReplicaSet, defaultTemplateOwner } from './workload.js';

/** What defaults need to know of the cluster. */
export interface ClusterFacts {
  /** The IngressClasses of the moment. */
  readonly ingressClasses?: () => Iterable<ApiObject>;
  readonly serviceAllocator?: ServiceAllocator;
}

type Defaulting = (object: JsonObject, old: JsonObject | undefined, facts: ClusterFacts) => JsonObject;

const DEFAULTS: Readonly<Record<string, Defaulting>> = {
  '/Endpoints': defaultEndpoints,
  '/Namespace': defaultNamespace,
  '/Pod': defaultPod,
  '/ReplicationController': defaultTemplateOwner,
  '/Secret': defaultSecret,
  '/Service': (service, old, facts) => defaultService(service, old, facts.serviceAllocator),
  'apiextensions.k8s.io/CustomResourceDefinition': defaultCustomResourceDefinition,
  'apps/DaemonSet': defaultTemplateOwner,
  'apps/Deployment': defaultDeployment,
  'apps/ReplicaSet': defaultReplicaSet,
  'apps/StatefulSet': defaultTemplateOwner,
  'batch/Job': defaultTemplateOwner,
  'discovery.k8s.io/EndpointSlice': defaultEndpointSlice,
  'networking.k8s.io/Ingress': (ingress, old, facts) =>
    defaultIngress(old === undefined ? assignDefaultClass(ingress, facts.ingressClasses?.() ?? []) : ingress),
  'networking.k8s.io/IngressClass': defaultIngressClass,
};

/** The object as it will be stored, with what its kind's defaults and the built-in admission plug-ins fill in. */
export function withKindDefaults(
  definition: ResourceDefinition,
  schema: ObjectSchema,
  object: JsonObject,
  old: JsonObject | undefined,
  facts: ClusterFacts,
): JsonObject {
  if (definition.custom !== undefined) return defaultCustomResource(schema, object);
  return DEFAULTS[`${definition.group}/${definition.kind}`]?.(object, old, facts) ?? object;
}
