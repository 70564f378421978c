/** Tells how an answer differs from what is expected of it; undefined where it does not. */
export function difference(expected: unknown, answer: unknown, path = 'answer'): string | undefined {
  if (typeof expected === 'string' && expected.startsWith('~')) {
    const part = expected.slice(1);
    return typeof answer === 'string' && answer.includes(part) ? undefined : differs(path, `…${part}…`, answer);
  }
  if (typeof expected === 'string' && expected.startsWith('!')) {
    const other = expected.slice(1);
    return answer === other ? `${path} should be other than ${JSON.stringify(other)}` : undefined;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(answer) || answer.length !== expected.length) return differs(path, expected, answer);
    return first(expected.map((item, index) => difference(item, answer[index], `${path}[${index}]`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof answer !== 'object' || answer === null) return differs(path, expected, answer);
    const fields = new Map<string, unknown>(Object.entries(answer));
    return first(
      Object.entries(expected).map(([name, value]) =>
        // `undefined` expects the field to be absent.
        value === undefined && !fields.has(name) ? undefined : difference(value, fields.get(name), `${path}.${name}`),
      ),
    );
  }
  return Object.is(expected, answer) ? undefined : differs(path, expected, answer);
}

function first(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((found) => found !== undefined);
}

function differs(path: string, expected: unknown, answer: unknown): string {
  return `${path} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(answer)}`;
}
