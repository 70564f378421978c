import { isArray, isObject, type JsonValue } from '../json.js';

/** One step: a field, an index, every element, or the elements whose field has a value. */
type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly value: string };

const STEP =
  /\.?\[\?\(@(?<filter>[^=]+?)\s*==\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^)\s]+))\s*\)\]|\[(?<index>-?\d+)\]|\[['"](?<quoted>[^'"]+)['"]\]|\[?(?<all>\*)\]?|\.(?<field>(?:\\.|[^.[\]\\])+)/gy;

/**
 * The values that a JSON path finds, in the part of the language that printer columns use: fields (`.a.b`, `\.` for a dot),
 * `[0]`, `[*]`, `['a']` and `[?(@.type=="Ready")]`. A path beyond that finds nothing.
 */
export function evaluateJsonPath(path: string, root: JsonValue): readonly JsonValue[] {
  const steps = parseJsonPath(path);
  return steps === undefined ? [] : follow(steps, [root]);
}

function parseJsonPath(path: string): readonly Step[] | undefined {
  const text = path.replace(/^\$/, '');
  const steps: Step[] = [];
  let end = 0;
  for (const match of text.matchAll(STEP)) {
    const { filter, double, single, bare, index, quoted, all, field } = match.groups ?? {};
    end += match[0].length;
    if (filter !== undefined) {
      const below = parseJsonPath(filter.trim());
      if (below === undefined) return undefined;
      steps.push({ kind: 'filter', path: below, value: double ?? single ?? bare ?? '' });
    } else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (all !== undefined) steps.push({ kind: 'all' });
    else steps.push({ kind: 'field', name: quoted ?? (field ?? '').replace(/\\(.)/g, '$1') });
  }
  return end === text.length ? steps : undefined;
}

function follow(steps: readonly Step[], roots: readonly JsonValue[]): readonly JsonValue[] {
  return steps.reduce((values, step) => values.flatMap((value) => take(step, value)), roots);
}

function take(step: Step, value: JsonValue): readonly JsonValue[] {
  switch (step.kind) {
    case 'field':
      return present(isObject(value) ? value[step.name] : undefined);
    case 'index':
      return present(isArray(value) ? value.at(step.index) : undefined);
    case 'all':
      if (isArray(value)) return value;
      return isObject(value) ? Object.values(value).flatMap(present) : [];
    case 'filter':
      return (isArray(value) ? value : []).filter((item) =>
        follow(step.path, [item]).some((found) => String(found) === step.value),
      );
  }
}

function present(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : [value];
}
