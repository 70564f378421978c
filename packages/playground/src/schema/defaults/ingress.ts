import type { ApiObject } from '../../api-server/api-object.js';
import { type JsonObject, objectAt, stringAt } from '../json.js';
import { update, withDefaults } from '../json-update.js';

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class';

export function defaultIngress(ingress: JsonObject): JsonObject {
  return withDefaults(ingress, { status: { loadBalancer: {} } });
}

export function defaultIngressClass(ingressClass: JsonObject): JsonObject {
  return update(ingressClass, 'spec', (spec) =>
    update(spec, 'parameters', (parameters) => withDefaults(parameters, { scope: 'Cluster' })),
  );
}

/**
 * The DefaultIngressClass admission plug-in: a new Ingress that names no class gets the class marked as default. Of
 * several, the newest one, and the first by name among those of the same second, as the real server has chosen since 1.26.
 */
export function assignDefaultClass(ingress: JsonObject, classes: Iterable<ApiObject>): JsonObject {
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
