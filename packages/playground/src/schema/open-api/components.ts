import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import { isObject, type JsonObject, type JsonValue, objectAt } from '../json.js';
import { modelSchema } from '../model-schema.js';
import { resourceSchema } from '../resource-schema.js';
import type { ListSchema, ObjectSchema, Schema } from '../schema.js';

/** Which OpenAPI a document is written in: they refer to schemas and put texts beside references differently. */
export type OpenApiVersion = 'v2' | 'v3';

const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** The named schemas of resources and of everything they refer to. */
export function componentsOf(version: OpenApiVersion, resources: readonly ResourceDefinition[]): JsonObject {
  const components = new Components(version);
  for (const resource of resources) components.addResource(resource);
  return components.schemas;
}

class Components {
  readonly schemas: Record<string, JsonObject> = {};

  constructor(private readonly version: OpenApiVersion) {}

  addResource(resource: ResourceDefinition): void {
    const schema = resourceSchema(resource);
    if (schema.definition === undefined) return;
    if (resource.custom === undefined) this.object(schema, schema.definition);
    else this.schemas[schema.definition] = this.customResource(resource.custom.schema);
    const { group, version, kind } = resource;
    const known = this.schemas[schema.definition];
    this.schemas[schema.definition] = { ...known, 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
  }

  /** The schema of a CustomResourceDefinition as it was written, with what every object has. */
  private customResource(schema: unknown): JsonObject {
    const written = isObject(schema) ? schema : { 'x-kubernetes-preserve-unknown-fields': true };
    const properties = {
      ...objectAt(written, 'properties'),
      apiVersion: { type: 'string', description: 'Version of the schema of this object.' },
      kind: { type: 'string', description: 'Kind of this object, in CamelCase.' },
      metadata: this.schema(modelSchema('V1ObjectMeta'), 'Metadata that every object has.'),
    };
    return { ...written, type: 'object', properties };
  }

  private object(schema: ObjectSchema, definition: string): void {
    if (this.schemas[definition] !== undefined) return;
    // Entered before its fields: schemas refer to themselves.
    this.schemas[definition] = {};
    this.schemas[definition] = this.inlineObject(schema);
  }

  private inlineObject(schema: ObjectSchema): JsonObject {
    const properties: Record<string, JsonValue> = {};
    for (const [name, field] of schema.fields) properties[name] = this.schema(field, schema.fieldDescription(name));
    const required = schema.required();
    return {
      description:
        schema.description() || `${schema.name} of the Kubernetes API; its documentation is not installed here.`,
      type: 'object',
      ...(schema.fields.size === 0 ? {} : { properties }),
      ...(required.length === 0 ? {} : { required }),
      ...(schema.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
  }

  private schema(schema: Schema, description: string): JsonObject {
    switch (schema.type) {
      case 'object':
        return this.objectField(schema, description);
      case 'map':
        return described(description, {
          type: 'object',
          additionalProperties: this.schema(schema.values, ''),
          ...(schema.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
        });
      case 'list':
        return described(description, this.list(schema));
      case 'any':
        return described(description, { 'x-kubernetes-preserve-unknown-fields': true });
      case 'int-or-string':
        this.schemas[INT_OR_STRING] = this.intOrString();
        return this.reference(INT_OR_STRING, description);
      case 'quantity':
        this.schemas[QUANTITY] = {
          description: 'A fixed-point number: digits with an optional suffix, such as 500m, 2, 1Gi or 1e3.',
          type: 'string',
        };
        return this.reference(QUANTITY, description);
      default:
        return described(description, {
          type: schema.type,
          ...(schema.format === undefined ? {} : { format: openApiFormat(schema.format) }),
        });
    }
  }

  private objectField(schema: ObjectSchema, description: string): JsonObject {
    if (schema.definition === undefined) return described(description, this.inlineObject(schema));
    this.object(schema, schema.definition);
    return {
      ...this.reference(schema.definition, description),
      ...(schema.retainKeys === true ? { 'x-kubernetes-patch-strategy': 'retainKeys' } : {}),
    };
  }

  private list(schema: ListSchema): JsonObject {
    const { strategy, mergeKey, retainKeys } = schema.patch;
    const patchStrategy = retainKeys === true ? `${strategy},retainKeys` : strategy;
    return {
      type: 'array',
      items: this.schema(schema.items, ''),
      'x-kubernetes-list-type': schema.listType,
      ...(schema.listType === 'map' ? { 'x-kubernetes-list-map-keys': schema.keys } : {}),
      ...(mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
      ...(strategy === 'merge' ? { 'x-kubernetes-patch-strategy': patchStrategy } : {}),
    };
  }

  private intOrString(): JsonObject {
    const description = 'A number (int32) or a text, such as 8080 or "http", 1 or "25%".';
    return this.version === 'v2'
      ? { description, type: 'string', format: 'int-or-string' }
      : { description, format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
  }

  /** OpenAPI 3.0 ignores what stands beside `$ref`, so a text goes beside `allOf`. */
  private reference(definition: string, description: string): JsonObject {
    if (this.version === 'v2') return described(description, { $ref: `#/definitions/${definition}` });
    const reference = { $ref: `#/components/schemas/${definition}` };
    return description === '' ? reference : { description, allOf: [reference] };
  }
}

function described(description: string, schema: JsonObject): JsonObject {
  return description === '' ? schema : { description, ...schema };
}

function openApiFormat(format: string): string {
  return format === 'date-time-micro' ? 'date-time' : format;
}
