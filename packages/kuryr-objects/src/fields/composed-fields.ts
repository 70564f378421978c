import { described, PayloadError } from '../payload-error.js';
import type { PrimitiveObject } from '../python-json.js';
import type { Field, OptionalField } from './field.js';

/** The field, or null. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    read: (primitive, path) => (primitive === null ? null : field.read(primitive, path)),
    write: (value) => (value === null ? null : field.write(value)),
  };
}

/** A field that older payloads lack, and what it is there. */
export function defaulted<T>(field: Field<T>, value: T): Field<T> {
  return { ...field, missing: () => value };
}

/** A field that an object need not have. */
export function optional<T>(field: Field<T>): OptionalField<T> {
  return { optional: field };
}

export function listOf<T>(field: Field<T>): Field<readonly T[]> {
  return {
    read: (primitive, path) => {
      if (Array.isArray(primitive)) return primitive.map((entry, index) => field.read(entry, `${path}[${index}]`));
      throw new PayloadError(path, `is ${described(primitive)} instead of a list`);
    },
    write: (values) => values.map((value) => field.write(value)),
  };
}

export function dictOf<T>(field: Field<T>): Field<Readonly<Record<string, T>>> {
  return {
    read: (primitive, path) => {
      if (!isObject(primitive)) throw new PayloadError(path, `is ${described(primitive)} instead of a dictionary`);
      return Object.fromEntries(
        Object.entries(primitive).map(([key, value]) => [key, field.read(value, `${path}[${JSON.stringify(key)}]`)]),
      );
    },
    write: (values): PrimitiveObject =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, field.write(value)])),
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
