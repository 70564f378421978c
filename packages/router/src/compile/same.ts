/** Structural equality of plain JSON-like data (objects, arrays, primitives). */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(at(a, key), at(b, key)))
  );
}

function at(object: object, key: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[key];
}

/** `previous` where it says the same, so that whoever compares by reference sees that nothing changed. */
export function keep<T>(previous: T | undefined, current: T): T {
  return previous !== undefined && same(previous, current) ? previous : current;
}

/** `previous` where it holds the very same elements in the same order. */
export function keepList<T>(previous: readonly T[], current: readonly T[]): readonly T[] {
  return previous.length === current.length && previous.every((item, i) => item === current[i]) ? previous : current;
}
