import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import { BUILT_IN_RESOURCES } from '../../api-server/resources.js';
import { withKindDefaults } from '../defaults/index.js';
import type { JsonObject } from '../json.js';
import { resourceSchema } from '../resource-schema.js';
import { validateKind } from './index.js';

/** Throws when there is no such kind. */
export function definition(kind: string, group?: string): ResourceDefinition {
  const found = BUILT_IN_RESOURCES.find((each) => each.kind === kind && (group === undefined || each.group === group));
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

/** `field: message` of every cause, after defaults. */
export function causesOf(
  resource: ResourceDefinition,
  object: JsonObject,
  old?: JsonObject,
  subresource = '',
): string[] {
  const schema = resourceSchema(resource);
  const filled = withKindDefaults(resource, schema, object);
  const causes = validateKind(resource, schema, filled, old, subresource);
  return causes.map(({ field, message }) => `${field}: ${message}`);
}
