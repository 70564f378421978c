import { described, PayloadError } from '../payload-error.js';
import type { Primitive } from '../python-json.js';
import { isObject } from './composed-fields.js';
import type { Field, OptionalField } from './field.js';

/** The fields of an object: optional ones of `T` are those that need not be set. */
export type FieldsOf<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalField<Exclude<T[K], undefined>> : Field<T[K]>;
};

/** Which class of oslo.versionedobjects. */
export interface ObjectIdentity {
  /** `kuryr_kubernetes` or `os_vif`. */
  readonly namespace: string;
  readonly name: string;
  /** What is written, unless a field that is set came later. */
  readonly version: string;
  /** The newest that can be read. @default version */
  readonly newest?: string;
  /**
   * The minor versions in which fields came, where that is later than `version`. An object is written as the lowest version
   * that has its fields, as libraries refuse versions newer than their own.
   */
  readonly since?: Readonly<Record<string, string>>;
}

/** A class of oslo.versionedobjects whose objects are `T` here. */
export interface ObjectClass<T> extends Field<T>, ObjectIdentity {}

const DATA = 'versioned_object.data';
const NAME = 'versioned_object.name';
const NAMESPACE = 'versioned_object.namespace';
const VERSION = 'versioned_object.version';

/**
 * An object's primitive form is its fields, wrapped in what it is. `versioned_object.changes`, which Kuryr leaves in some
 * objects, says nothing about them and is neither read nor written.
 */
export function objectClass<T extends object>(identity: ObjectIdentity, fields: FieldsOf<T>): ObjectClass<T> {
  const named = Object.entries(fields) as readonly (readonly [string, Field<unknown> | OptionalField<unknown>])[];
  return {
    ...identity,
    read: (primitive, path) => {
      const data = dataOf(primitive, identity, path);
      const entries = named.flatMap(([name, field]) => {
        const value = readField(field, data[name], path === '' ? name : `${path}.${name}`);
        return value === undefined ? [] : [[name, value]];
      });
      return Object.fromEntries(entries) as T;
    },
    write: (value) => {
      const data: Record<string, Primitive> = {};
      for (const [name, field] of named) {
        const entry: unknown = value[name as keyof T];
        if (entry !== undefined) data[name] = ('optional' in field ? field.optional : field).write(entry);
      }
      const { name, namespace } = identity;
      return { [DATA]: data, [NAME]: name, [NAMESPACE]: namespace, [VERSION]: lowestVersion(identity, data) };
    },
  };
}

/** What is it, from the outside: the name of its class, where it is an object at all. */
export function classNameOf(primitive: unknown): string | undefined {
  const name = isObject(primitive) ? primitive[NAME] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function readField(field: Field<unknown> | OptionalField<unknown>, primitive: unknown, path: string): unknown {
  if (primitive !== undefined) return ('optional' in field ? field.optional : field).read(primitive, path);
  if ('optional' in field) return undefined;
  if (field.missing !== undefined) return field.missing();
  throw new PayloadError(path, 'is missing');
}

function dataOf(primitive: unknown, identity: ObjectIdentity, path: string): Readonly<Record<string, unknown>> {
  const { namespace, name, version, newest = version } = identity;
  if (!isObject(primitive)) throw new PayloadError(path, `is ${described(primitive)} instead of ${name}`);
  if (primitive[NAME] !== name) {
    throw new PayloadError(path, `is of class ${described(primitive[NAME])} instead of ${name}`);
  }
  if (primitive[NAMESPACE] !== namespace) {
    throw new PayloadError(path, `${name} is of namespace ${described(primitive[NAMESPACE])} instead of ${namespace}`);
  }
  if (!isReadable(primitive[VERSION], newest)) {
    throw new PayloadError(path, `${name} is of version ${described(primitive[VERSION])}; up to ${newest} is known`);
  }
  const data = primitive[DATA];
  if (isObject(data)) return data;
  throw new PayloadError(path, `${name} has ${described(data)} for ${DATA}`);
}

function lowestVersion({ version, since = {} }: ObjectIdentity, data: Readonly<Record<string, Primitive>>): string {
  const versions = Object.keys(data).map((name) => since[name] ?? version);
  const minor = ([, text = '0']: readonly string[]): number => Number(text);
  return versions.reduce((least, next) => (minor(next.split('.')) > minor(least.split('.')) ? next : least), version);
}

/** Of the same major version, and not newer: then only fields may be missing. */
function isReadable(version: unknown, newest: string): boolean {
  if (typeof version !== 'string' || !/^\d+\.\d+$/.test(version)) return false;
  const [major, minor] = version.split('.').map(Number);
  const [newestMajor, newestMinor = 0] = newest.split('.').map(Number);
  return major === newestMajor && minor !== undefined && minor <= newestMinor;
}
