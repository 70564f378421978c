import { described, PayloadError } from '../payload-error.js';
import type { Field } from './field.js';
import { classNameOf, type ObjectClass } from './object-class.js';

/** One class for each `className` of the union. */
export type ClassesOf<T extends { readonly className: string }> = {
  readonly [N in T['className']]: ObjectClass<Omit<Extract<T, { readonly className: N }>, 'className'>>;
};

/** An object of one of several classes; `className` tells which. */
export function subclassOf<T extends { readonly className: string }>(base: string, classes: ClassesOf<T>): Field<T> {
  const known = new Map(Object.entries(classes) as readonly (readonly [string, ObjectClass<object>])[]);
  return {
    read: (primitive, path) => {
      const className = classNameOf(primitive) ?? '';
      const found = known.get(className);
      if (found === undefined) {
        const names = [...known.keys()].join(', ');
        throw new PayloadError(path, `is of class ${described(className)}, none of those of ${base}: ${names}`);
      }
      return { className, ...found.read(primitive, path) } as T;
    },
    write: (value) => {
      const found = known.get(value.className);
      if (found === undefined) throw new TypeError(`${value.className} is none of the classes of ${base}`);
      return found.write(value);
    },
  };
}
