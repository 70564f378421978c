import type { ApiObject } from '../api-server/api-object.js';
import type { AdmissionHook } from '../api-server/backend.js';
import { toApiObject, toJson } from './api-object-json.js';
import { type JsonObject, objectAt, stringAt } from './json.js';

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class';

/**
 * The DefaultIngressClass admission plug-in: a new Ingress that names no class gets the one marked as default. Of several,
 * the newest, and the first by name among those of the same second (the real server does so since 1.26; before, it refused).
 *
 * @param classes the IngressClasses of the moment
 */
export function defaultIngressClassHook(classes: () => Iterable<ApiObject>): AdmissionHook {
  return (definition, object, old) => {
    if (definition.kind !== 'Ingress' || definition.group !== 'networking.k8s.io' || old !== undefined) return object;
    return toApiObject(assignDefaultClass(toJson(object), classes()), object);
  };
}

function assignDefaultClass(ingress: JsonObject, classes: Iterable<ApiObject>): JsonObject {
  const spec = objectAt(ingress, 'spec');
  const annotated = stringAt(objectAt(objectAt(ingress, 'metadata'), 'annotations'), CLASS_ANNOTATION);
  if (spec.ingressClassName !== undefined || annotated !== undefined) return ingress;
  const defaults = [...classes].filter(({ metadata }) => metadata.annotations?.[DEFAULT_ANNOTATION] === 'true');
  const [chosen] = defaults.sort(
    (left, right) =>
      createdAt(right).localeCompare(createdAt(left)) || (left.metadata.name < right.metadata.name ? -1 : 1),
  );
  return chosen === undefined ? ingress : { ...ingress, spec: { ...spec, ingressClassName: chosen.metadata.name } };
}

function createdAt(object: ApiObject): string {
  return object.metadata.creationTimestamp ?? '';
}
