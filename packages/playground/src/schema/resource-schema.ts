import type { ResourceDefinition } from '../api-server/resource-definition.js';
import { isModel } from './client-node-models.js';
import { customResourceSchema } from './custom-resource-schema.js';
import { isObject } from './json.js';
import { modelSchema } from './model-schema.js';
import type { ObjectSchema } from './schema.js';

const customSchemas = new WeakMap<object, ObjectSchema>();

/** The structural schema of a served resource. A built-in kind that client-node has no model of is taken as it comes. */
export function resourceSchema(definition: ResourceDefinition): ObjectSchema {
  const model = definition.custom === undefined ? modelName(definition) : undefined;
  if (model !== undefined) return modelSchema(model);
  const known = customSchemas.get(definition.custom ?? definition);
  if (known !== undefined) return known;
  const openApiSchema = definition.custom?.schema;
  const schema = customResourceSchema(
    definition.kind,
    customDefinitionName(definition),
    isObject(openApiSchema) ? openApiSchema : undefined,
  );
  customSchemas.set(definition.custom ?? definition, schema);
  return schema;
}

/** client-node names a model by version and kind, and by group where two groups have the same kind. */
function modelName({ group, version, kind }: ResourceDefinition): string | undefined {
  const name = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
  const groupName = group === '' ? 'core' : (group.split('.')[0] ?? '');
  const withGroup = `${groupName.charAt(0).toUpperCase()}${groupName.slice(1)}${name}`;
  return [name, withGroup].find(isModel);
}

/** `com.example.v1.Route` for `Route` in `example.com/v1`. */
function customDefinitionName({ group, version, kind }: ResourceDefinition): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}
