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
import { defaultIngressClass } from './ingress-class.js';
import { defaultPod } from './pod.js';
import { defaultService } from './service.js';
import {
  defaultDaemonSet,
  defaultDeployment,
  defaultReplicaSet,
  defaultStatefulSet,
  defaultTemplateOwner,
} from './workload.js';

type Defaulting = (object: JsonObject) => JsonObject;

const DEFAULTS: Readonly<Record<string, Defaulting>> = {
  '/Endpoints': defaultEndpoints,
  '/Namespace': defaultNamespace,
  '/Pod': defaultPod,
  '/ReplicationController': defaultTemplateOwner,
  '/Secret': defaultSecret,
  '/Service': defaultService,
  'apiextensions.k8s.io/CustomResourceDefinition': defaultCustomResourceDefinition,
  'apps/DaemonSet': defaultDaemonSet,
  'apps/Deployment': defaultDeployment,
  'apps/ReplicaSet': defaultReplicaSet,
  'apps/StatefulSet': defaultStatefulSet,
  'batch/Job': defaultTemplateOwner,
  'discovery.k8s.io/EndpointSlice': defaultEndpointSlice,
  'networking.k8s.io/IngressClass': defaultIngressClass,
};

/** The object as it will be stored, with its kind's defaults. */
export function withKindDefaults(definition: ResourceDefinition, schema: ObjectSchema, object: JsonObject): JsonObject {
  if (definition.custom !== undefined) return defaultCustomResource(schema, object);
  return DEFAULTS[`${definition.group}/${definition.kind}`]?.(object) ?? object;
}
