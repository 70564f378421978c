import type { JsonObject } from '../json.js';
import { update, withDefaults } from '../json-update.js';

export function defaultIngressClass(ingressClass: JsonObject): JsonObject {
  return update(ingressClass, 'spec', (spec) =>
    update(spec, 'parameters', (parameters) => withDefaults(parameters, { scope: 'Cluster' })),
  );
}
