/** Names and what they stand for; facts of the cloud are under `facts`. */
export type Values = Readonly<Record<string, unknown>>;

/** Puts values in place of every `{name}` in the strings of a request or an expected answer. */
export function substitute(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{([a-zA-Z][\w.]*)\}/g, (_, path: string) => {
      const found = lookUp(values, path);
      if (typeof found !== 'string') throw new Error(`Nothing was saved as ${path}.`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, values)]));
}

/** The part of a value at a path such as `pool.members.0.id`. */
export function lookUp(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, name) => {
    if (typeof part !== 'object' || part === null) return undefined;
    return new Map<string, unknown>(Object.entries(part)).get(name);
  }, value);
}
