import { arrayAt, isObject, type JsonObject, type JsonValue, numberAt, objectAt, stringAt } from './json.js';
import { modelSchema } from './model-schema.js';
import {
  ANY,
  type ListSchema,
  type MapSchema,
  type ObjectSchema,
  type ScalarSchema,
  type Schema,
  type ValueRules,
} from './schema.js';

/**
 * The structural schema of a custom resource from `openAPIV3Schema` of its CustomResourceDefinition. Without one, anything
 * goes but metadata.
 */
export function customResourceSchema(
  kind: string,
  definition: string | undefined,
  openApiSchema: JsonObject | undefined,
): ObjectSchema {
  const root = convertObject(openApiSchema ?? { 'x-kubernetes-preserve-unknown-fields': true }, kind);
  const fields = new Map(root.fields);
  fields.set('apiVersion', { type: 'string' });
  fields.set('kind', { type: 'string' });
  fields.set('metadata', modelSchema('V1ObjectMeta'));
  return { ...root, ...(definition === undefined ? {} : { definition }), fields };
}

function convert(schema: JsonObject, name: string): Schema {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: 'int-or-string' };
  switch (stringAt(schema, 'type')) {
    case 'object':
      return convertMapOrObject(schema, name);
    case 'array':
      return convertList(schema, name);
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return convertScalar(schema);
    default:
      return ANY;
  }
}

function convertMapOrObject(schema: JsonObject, name: string): Schema {
  const values = schema.additionalProperties;
  if (isObject(values)) {
    const map: MapSchema = {
      type: 'map',
      values: convert(values, name),
      atomic: schema['x-kubernetes-map-type'] === 'atomic',
    };
    return map;
  }
  if (values === true) return { type: 'map', values: ANY, atomic: false };
  return schema['x-kubernetes-embedded-resource'] === true ? ANY : convertObject(schema, name);
}

function convertObject(schema: JsonObject, name: string): ObjectSchema {
  const properties = Object.entries(objectAt(schema, 'properties')).flatMap(([key, property]) =>
    isObject(property) ? [[key, property] as const] : [],
  );
  return {
    type: 'object',
    name,
    fields: new Map(properties.map(([key, property]) => [key, convert(property, capitalised(key))])),
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    preserveUnknown: schema['x-kubernetes-preserve-unknown-fields'] === true,
    defaults: defaultsOf(properties),
    description: () => stringAt(schema, 'description') ?? '',
    required: () => arrayAt(schema, 'required').filter((field) => typeof field === 'string'),
    fieldDescription: (field) => stringAt(objectAt(objectAt(schema, 'properties'), field), 'description') ?? '',
  };
}

function defaultsOf(properties: readonly (readonly [string, JsonObject])[]): ReadonlyMap<string, JsonValue> {
  const defaults = new Map<string, JsonValue>();
  for (const [key, property] of properties) {
    const value = property.default;
    if (value !== undefined) defaults.set(key, value);
  }
  return defaults;
}

function convertList(schema: JsonObject, name: string): ListSchema {
  const listType = stringAt(schema, 'x-kubernetes-list-type');
  const items = objectAt(schema, 'items');
  const keys = arrayAt(schema, 'x-kubernetes-list-map-keys').filter((key) => typeof key === 'string');
  return {
    type: 'list',
    items: convert(items, name),
    listType: listType === 'set' || listType === 'map' ? listType : 'atomic',
    keys,
    keyDefaults: keyDefaults(items, keys),
    patch: { strategy: 'replace' },
  };
}

function keyDefaults(items: JsonObject, keys: readonly string[]): Readonly<Record<string, string>> {
  const defaults: Record<string, string> = {};
  for (const key of keys) {
    const value = stringAt(objectAt(objectAt(items, 'properties'), key), 'default');
    if (value !== undefined) defaults[key] = value;
  }
  return defaults;
}

function convertScalar(schema: JsonObject): ScalarSchema {
  const type = stringAt(schema, 'type');
  const format = stringAt(schema, 'format');
  const rules = rulesOf(schema);
  return {
    type: type === 'integer' || type === 'number' || type === 'boolean' ? type : 'string',
    ...(format === 'int32' || format === 'int64' || format === 'date-time' || format === 'byte' ? { format } : {}),
    ...(rules === undefined ? {} : { rules }),
  };
}

function rulesOf(schema: JsonObject): ValueRules | undefined {
  const enumeration = arrayAt(schema, 'enum').filter(
    (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
  );
  const pattern = stringAt(schema, 'pattern');
  const numbers = { minLength: 0, maxLength: 0, minimum: 0, maximum: 0 };
  const bounds = Object.fromEntries(
    Object.keys(numbers).flatMap((key) => {
      const bound = numberAt(schema, key);
      return bound === undefined ? [] : [[key, bound]];
    }),
  );
  const rules: ValueRules = {
    ...(enumeration.length === 0 ? {} : { enumeration }),
    ...(pattern === undefined ? {} : patternRule(pattern)),
    ...bounds,
  };
  return Object.keys(rules).length === 0 ? undefined : rules;
}

/** Go's regular expressions (RE2) are nearly all valid here; one that is not checks nothing. */
function patternRule(pattern: string): Pick<ValueRules, 'pattern'> {
  try {
    return { pattern: new RegExp(pattern, 'u') };
  } catch {
    return {};
  }
}

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
