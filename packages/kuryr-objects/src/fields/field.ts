import type { Primitive } from '../python-json.js';

/** How one field of an oslo.versionedobjects object is read from, and written to, its primitive form. */
export interface Field<T> {
  /** @throws PayloadError naming `path` */
  read(primitive: unknown, path: string): T;
  write(value: T): Primitive;
  /** What stands for a field that the payload lacks; without it, a lacking field is an error. */
  readonly missing?: () => T;
}

/** A field that an object need not have at all: what oslo.versionedobjects calls not set. */
export interface OptionalField<T> {
  readonly optional: Field<T>;
}
