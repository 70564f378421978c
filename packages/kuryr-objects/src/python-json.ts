/** What JSON can hold. */
export type Primitive = null | boolean | number | string | readonly Primitive[] | PrimitiveObject;
export interface PrimitiveObject {
  readonly [name: string]: Primitive;
}

/**
 * The text that Python's `json.dumps(value, sort_keys=True)` gives, as Kuryr writes its annotations: `, ` and `: ` between
 * things, keys in the order of their code points, and everything but printable ASCII escaped. Numbers have to be integers;
 * Python writes others in other ways.
 */
export function pythonJson(value: Primitive): string {
  if (typeof value === 'string') return asciiString(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(pythonJson).join(', ')}]`;
  const entries = Object.entries(value).sort(([one], [other]) => compareCodePoints(one, other));
  return `{${entries.map(([key, entry]) => `${asciiString(key)}: ${pythonJson(entry)}`).join(', ')}}`;
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JavaScript compares UTF-16 units, which puts what is beyond the first 65536 characters too early. */
function compareCodePoints(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  for (const [index, character] of left.entries()) {
    const opposite = right[index];
    if (opposite === undefined) return 1;
    if (character !== opposite) return (character.codePointAt(0) ?? 0) - (opposite.codePointAt(0) ?? 0);
  }
  return left.length - right.length;
}

function isList(value: readonly Primitive[] | PrimitiveObject): value is readonly Primitive[] {
  return Array.isArray(value);
}
