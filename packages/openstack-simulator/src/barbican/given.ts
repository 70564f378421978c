/** What a request to Barbican gives: it ignores what it does not know. */

export function textField(body: unknown, name: string): string | undefined {
  const value = field(body, name);
  return typeof value === 'string' ? value : undefined;
}

export function listField(body: unknown, name: string): readonly unknown[] {
  const value = field(body, name);
  return Array.isArray(value) ? value : [];
}

export function field(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return Object.entries(body).find(([key]) => key === name)?.[1];
}
