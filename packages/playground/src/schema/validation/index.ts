import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import type { AdmissionContext, StatusCause } from '../../api-server/types.js';
import { Causes } from '../causes.js';
import type { JsonObject } from '../json.js';
import type { ObjectSchema } from '../schema.js';
import { validateConfigMap, validateSecret } from './configuration.js';
import { validateCustomResource } from './custom-resource.js';
import { validateCustomResourceDefinition } from './custom-resource-definition.js';
import { validateEndpointSlice, validateEndpoints } from './endpoints.js';
import { validateCoreEvent, validateEvent } from './event.js';
import { validateIngress, validateIngressStatus } from './ingress.js';
import { validateIngressClass } from './ingress-class.js';
import { validateLease } from './lease.js';
import { validatePod } from './pod.js';
import { validateService, validateServiceStatus } from './service.js';
import { validateDeployment, validateReplicaSet } from './workload.js';

type Validation = (causes: Causes, object: JsonObject, old: JsonObject | undefined) => void;

const VALIDATIONS: Readonly<Record<string, Validation>> = {
  '/ConfigMap': validateConfigMap,
  '/Endpoints': validateEndpoints,
  '/Event': validateCoreEvent,
  '/Pod': validatePod,
  '/Secret': validateSecret,
  '/Service': validateService,
  'apiextensions.k8s.io/CustomResourceDefinition': validateCustomResourceDefinition,
  'apps/Deployment': validateDeployment,
  'apps/ReplicaSet': validateReplicaSet,
  'coordination.k8s.io/Lease': validateLease,
  'discovery.k8s.io/EndpointSlice': validateEndpointSlice,
  'events.k8s.io/Event': validateEvent,
  'networking.k8s.io/Ingress': validateIngress,
  'networking.k8s.io/IngressClass': validateIngressClass,
};

const STATUS_VALIDATIONS: Readonly<Record<string, Validation>> = {
  '/Service': validateServiceStatus,
  'networking.k8s.io/Ingress': validateIngressStatus,
};

/** Why the object can't be stored; empty when it can. Metadata that every kind shares is not looked at here. */
export function validateKind(
  definition: ResourceDefinition,
  schema: ObjectSchema,
  object: JsonObject,
  old: JsonObject | undefined,
  subresource: AdmissionContext['subresource'],
): readonly StatusCause[] {
  const causes = new Causes();
  const kind = `${definition.group}/${definition.kind}`;
  if (definition.custom !== undefined) validateCustomResource(causes, schema, object);
  else if (subresource === 'status') STATUS_VALIDATIONS[kind]?.(causes, object, old);
  // `finalize` and the like don't touch what is checked.
  else if (subresource === '' || subresource === 'scale') VALIDATIONS[kind]?.(causes, object, old);
  return causes.list;
}
