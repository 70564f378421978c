import type { Causes } from '../causes.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { checkScalar } from '../scalar.js';
import type { ObjectSchema, ScalarSchema, Schema, ValueRules } from '../schema.js';

/** Checks a custom resource against its own schema, in the words of kube-openapi's validator. */
export function validateCustomResource(causes: Causes, schema: ObjectSchema, object: JsonValue): void {
  validateValue(causes, schema, object, '');
}

function validateValue(causes: Causes, schema: Schema, value: JsonValue, field: string): void {
  if (schema.type === 'any') return;
  if (schema.type === 'object') {
    if (isObject(value)) validateObject(causes, schema, value, field);
    else wrongType(causes, field, value, 'object');
  } else if (schema.type === 'map') {
    if (isObject(value)) validateMembers(causes, Object.entries(value), () => schema.values, field);
    else wrongType(causes, field, value, 'object');
  } else if (schema.type === 'list') {
    if (isArray(value)) {
      value.forEach((item, index) => {
        validateValue(causes, schema.items, item, `${field}[${index}]`);
      });
    } else wrongType(causes, field, value, 'array');
  } else validateScalar(causes, schema, value, field);
}

function validateObject(causes: Causes, schema: ObjectSchema, object: JsonObject, field: string): void {
  for (const name of schema.required()) {
    if (object[name] === undefined) causes.required(child(field, name));
  }
  // The server has checked the metadata, which every kind shares.
  const members = Object.entries(object).filter(([name]) => field !== '' || name !== 'metadata');
  validateMembers(causes, members, (name) => schema.fields.get(name), field);
}

function validateMembers(
  causes: Causes,
  members: readonly (readonly [string, JsonValue | undefined])[],
  schemaOf: (name: string) => Schema | undefined,
  field: string,
): void {
  for (const [name, member] of members) {
    const schema = schemaOf(name);
    if (member !== undefined && schema !== undefined) validateValue(causes, schema, member, child(field, name));
  }
}

function validateScalar(causes: Causes, schema: ScalarSchema, value: JsonValue, field: string): void {
  const checked = checkScalar(schema, value);
  if (!checked.ok && checked.problem === undefined) {
    wrongType(causes, field, value, schema.type === 'int-or-string' ? 'integer,string' : schema.type);
  } else if (!checked.ok) {
    causes.invalid(field, value, `${field} in body must be of type ${schema.format}: ${JSON.stringify(value)}`);
  } else if (schema.rules !== undefined) validateRules(causes, schema.rules, value, field);
}

function validateRules(causes: Causes, rules: ValueRules, value: JsonValue, field: string): void {
  const { enumeration, pattern, minLength, maxLength, minimum, maximum } = rules;
  const invalid = (text: string) => causes.invalid(field, value, `${field} in body should ${text}`);
  if (enumeration?.some((allowed) => allowed === value) === false) causes.notSupported(field, value, enumeration);
  if (typeof value === 'string') {
    const length = [...value].length;
    if (pattern?.test(value) === false) invalid(`match '${pattern.source}'`);
    if (minLength !== undefined && length < minLength) invalid(`be at least ${minLength} chars long`);
    if (maxLength !== undefined && length > maxLength) causes.tooLong(field, maxLength);
  }
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) invalid(`be greater than or equal to ${minimum}`);
    if (maximum !== undefined && value > maximum) invalid(`be less than or equal to ${maximum}`);
  }
}

function wrongType(causes: Causes, field: string, value: JsonValue, type: string): void {
  const found = isArray(value) ? 'array' : typeof value;
  causes.typeInvalid(field, found, `${field} in body must be of type ${type}: ${JSON.stringify(found)}`);
}

function child(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
