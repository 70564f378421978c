/**
 * The wanted fields that an object of Octavia has otherwise. null stands for Octavia's own default, which it tells as
 * null or as an empty list; lists are sets.
 */
export function difference<T extends object>(current: object, wanted: T): Partial<T> {
  const entries = Object.entries(wanted).filter(([name, value]) => !isSame(fieldOf(current, name), value));
  return Object.fromEntries(entries) as Partial<T>;
}

function fieldOf(object: object, name: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[name];
}

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  if (Array.isArray(value)) return JSON.stringify([...value].sort());
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
