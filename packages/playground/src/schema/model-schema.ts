import { isModel, type ModelField, modelFields } from './client-node-models.js';
import { modelDocumentation } from './model-documentation.js';
import { ATOMIC_MAPS, ATOMIC_MODELS, LIST_FACTS, QUANTITIES, RETAIN_KEYS } from './model-facts.js';
import { ANY, type ListSchema, type ObjectSchema, type ScalarSchema, type Schema } from './schema.js';

const schemas = new Map<string, ObjectSchema>();

/** The structural schema of one of client-node's models. Models refer to each other in circles, so fields are built on first use. */
export function modelSchema(model: string): ObjectSchema {
  let schema = schemas.get(model);
  if (schema === undefined) {
    schema = buildObject(model, false);
    schemas.set(model, schema);
  }
  return schema;
}

function buildObject(model: string, retainKeys: boolean): ObjectSchema {
  let fields: ReadonlyMap<string, Schema> | undefined;
  return {
    type: 'object',
    definition: definitionName(model),
    name: goName(model),
    get fields() {
      fields ??= new Map(modelFields(model).map((field) => [field.baseName, fieldSchema(model, field)]));
      return fields;
    },
    atomic: ATOMIC_MODELS.has(model),
    preserveUnknown: false,
    retainKeys,
    description: () => modelDocumentation(model).description,
    required: () => modelDocumentation(model).required.map((name) => wireName(model, name)),
    fieldDescription: (field) => modelDocumentation(model).fields.get(propertyName(model, field)) ?? '',
  };
}

/** client-node renames fields that JavaScript reserves (`_continue`); documentation is kept under those names. */
function propertyName(model: string, baseName: string): string {
  return modelFields(model).find((field) => field.baseName === baseName)?.name ?? baseName;
}

function wireName(model: string, name: string): string {
  return modelFields(model).find((field) => field.name === name)?.baseName ?? name;
}

function fieldSchema(model: string, field: ModelField): Schema {
  const place = `${model}.${field.baseName}`;
  const list = /^Array<(.*)>$/.exec(field.type)?.[1];
  if (list !== undefined) return listSchema(model, field.baseName, scalarOrModel(list, field.format));
  const values = /^\{ \[key: string\]: (.*); \}$/.exec(field.type)?.[1];
  if (values !== undefined) {
    const schema = QUANTITIES.has(place) ? { type: 'quantity' as const } : typeSchema(values, field.format);
    return { type: 'map', values: schema, atomic: ATOMIC_MAPS.has(place) };
  }
  if (QUANTITIES.has(place)) return { type: 'quantity' };
  if (RETAIN_KEYS.has(place)) return buildObject(field.type, true);
  return scalarOrModel(field.type, field.format);
}

function typeSchema(type: string, format: string): Schema {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  return list === undefined ? scalarOrModel(type, format) : atomicList(scalarOrModel(list, format));
}

function listSchema(model: string, field: string, items: Schema): ListSchema {
  const facts = LIST_FACTS[model]?.[field];
  if (facts === undefined) return atomicList(items);
  return {
    type: 'list',
    items,
    listType: facts.listType,
    keys: facts.keys ?? [],
    keyDefaults: facts.keyDefaults ?? {},
    patch: facts.patch ?? { strategy: 'replace' },
  };
}

function atomicList(items: Schema): ListSchema {
  return { type: 'list', items, listType: 'atomic', keys: [], keyDefaults: {}, patch: { strategy: 'replace' } };
}

function scalarOrModel(type: string, format: string): Schema {
  switch (type) {
    case 'string':
      return format === 'byte' ? { type: 'string', format } : { type: 'string' };
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return numberSchema(format);
    case 'Date':
      return { type: 'string', format: 'date-time' };
    case 'V1MicroTime':
      return { type: 'string', format: 'date-time-micro' };
    case 'IntOrString':
      return { type: 'int-or-string' };
    default:
      // `any`: fieldsV1, defaults and enumerations inside a CustomResourceDefinition's schema.
      return isModel(type) ? modelSchema(type) : ANY;
  }
}

function numberSchema(format: string): ScalarSchema {
  if (format === 'int32' || format === 'int64') return { type: 'integer', format };
  return format === 'double' ? { type: 'number', format } : { type: 'integer' };
}

/** `V1IngressSpec` -> `IngressSpec`, `CoreV1Event` -> `Event`: the name of the Go structure. */
function goName(model: string): string {
  return /V\d+(?:(?:alpha|beta)\d+)?([A-Z].*)$/.exec(model)?.[1] ?? model;
}

/**
 * Name in the OpenAPI documents. client-node's names leave out the group for most models, so these do too; clients find a
 * kind by x-kubernetes-group-version-kind and follow references, they do not build names.
 */
function definitionName(model: string): string {
  const [, group = '', version = ''] = /^(.*?)(V\d+(?:(?:alpha|beta)\d+)?)[A-Z].*$/.exec(model) ?? [];
  const parts = ['io.k8s.api', group.toLowerCase(), version.toLowerCase(), goName(model)];
  return parts.filter((part) => part !== '').join('.');
}
