import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from './json.js';
import { checkScalar } from './scalar.js';
import { ANY, childSchema, type ListSchema, type ObjectSchema, type Schema } from './schema.js';

/** A body whose JSON types do not fit the kind; `message` in the words of the real server's decoder. */
export class DecodeError extends Error {
  readonly code = 'ERR_PLAYGROUND_DECODE';
  readonly retryable = false;
}

export interface Decoded {
  /** Without unknown fields and nulls. */
  readonly object: JsonObject;
  /** Paths such as `spec.containers[0].imagee`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads a request body as the real server's decoder does: nulls count as absent, unknown fields are dropped and told,
 * a wrong JSON type is an error.
 *
 * @param types `leave` keeps values of a wrong type: custom resources are checked by their own schema afterwards, which
 * reports all of them.
 * @throws DecodeError
 */
export function decode(schema: ObjectSchema, body: JsonObject, types: 'check' | 'leave' = 'check'): Decoded {
  const decoder = new Decoder(types === 'check');
  return { object: decoder.object(schema, body, ''), unknownFields: decoder.unknownFields };
}

/** Where a value belongs, as Go's decoder names it: the innermost structure and the field names down to it. */
interface GoPlace {
  readonly structure: string;
  readonly fields: readonly string[];
}

class Decoder {
  readonly unknownFields: string[] = [];

  constructor(private readonly checkTypes: boolean) {}

  object(
    schema: ObjectSchema,
    body: JsonObject,
    path: string,
    place: GoPlace = { structure: schema.name, fields: [] },
  ) {
    const result: Record<string, JsonValue> = {};
    for (const [key, value] of Object.entries(body)) {
      const child = childSchema(schema, key) ?? (path === '' && ENVELOPE.has(key) ? ANY : undefined);
      const childPath = path === '' ? key : `${path}.${key}`;
      if (child === undefined) this.unknownFields.push(childPath);
      else if (value !== undefined && value !== null) {
        result[key] = this.value(child, value, childPath, { structure: schema.name, fields: [...place.fields, key] });
      }
    }
    return result;
  }

  private value(schema: Schema, value: JsonValue, path: string, place: GoPlace): JsonValue {
    switch (schema.type) {
      case 'any':
        return value;
      case 'object':
        return isObject(value) ? this.object(schema, value, path, place) : this.mismatch(schema, value, place);
      case 'map':
        return isObject(value) ? this.map(schema.values, value, path, place) : this.mismatch(schema, value, place);
      case 'list':
        return isArray(value) ? this.list(schema, value, path, place) : this.mismatch(schema, value, place);
      default: {
        const checked = checkScalar(schema, value);
        if (checked.ok) return checked.value;
        return checked.problem === undefined ? this.mismatch(schema, value, place) : this.fail(checked.problem, value);
      }
    }
  }

  private map(values: Schema, body: JsonObject, path: string, place: GoPlace): JsonObject {
    const result: Record<string, JsonValue> = {};
    for (const [key, value] of Object.entries(body)) {
      // Go reads null as the zero value; for maps of strings (all there are in built-in kinds) that is ''.
      if (value === null) result[key] = '';
      else if (value !== undefined) result[key] = this.value(values, value, `${path}.${key}`, place);
    }
    return result;
  }

  private list(schema: ListSchema, items: JsonArray, path: string, place: GoPlace): JsonArray {
    return items.map((item, index) => this.value(schema.items, item ?? zero(schema.items), `${path}[${index}]`, place));
  }

  private mismatch(schema: Schema, value: JsonValue, place: GoPlace): JsonValue {
    const field = `${place.structure}.${place.fields.join('.')}`;
    return this.fail(
      `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${goType(schema)}`,
      value,
    );
  }

  private fail(message: string, value: JsonValue): JsonValue {
    if (this.checkTypes) throw new DecodeError(message);
    return value;
  }
}

/** Fields every object has, whatever its schema declares. */
const ENVELOPE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function zero(schema: Schema): JsonValue {
  if (schema.type === 'object' || schema.type === 'map') return {};
  if (schema.type === 'list') return [];
  return schema.type === 'string' ? '' : 0;
}

function jsonType(value: JsonValue): string {
  if (isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value;
}

function goType(schema: Schema): string {
  switch (schema.type) {
    case 'object':
      return `v1.${schema.name}`;
    case 'map':
      return `map[string]${goType(schema.values)}`;
    case 'list':
      return `[]${goType(schema.items)}`;
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'int-or-string':
      return 'int32';
    default:
      return 'string';
  }
}
