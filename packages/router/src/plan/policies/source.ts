import type { Source } from '../../model.js';

export function sameSource(a: Source, b: Source): boolean {
  return a === b || (a.name === b.name && a.namespace === b.namespace && a.kind === b.kind);
}
