import type { L7Rule, Source } from './model.js';

export function sameRule(a: L7Rule, b: L7Rule): boolean {
  return (
    a === b ||
    (a.value === b.value &&
      a.type === b.type &&
      a.compareType === b.compareType &&
      a.key === b.key &&
      a.invert === b.invert)
  );
}

export function sameSource(a: Source, b: Source): boolean {
  return a === b || (a.name === b.name && a.namespace === b.namespace && a.kind === b.kind);
}
