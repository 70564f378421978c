import { damerauLevenshtein } from './damerau-levenshtein.js';

/** More than a third of the letters differing is another word, not a slip; more than three hardly ever is a slip. */
const LARGEST_SHARE = 1 / 3;
const LARGEST_DISTANCE = 3;

/** The candidate that somebody probably meant, case and dashes aside; the first of equally near ones. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = folded(name);
  const bound = Math.min(LARGEST_DISTANCE, Math.max(1, Math.floor(wanted.length * LARGEST_SHARE)));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = damerauLevenshtein(wanted, folded(candidate));
    if (distance <= bound && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

function folded(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}
