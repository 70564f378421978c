/** Milliseconds between two looks at a VIF that is not active yet: growing, as most are soon or take long. */
const SHORTEST = 250;
const LONGEST = 5_000;
/** Milliseconds after which a person is told. */
export const PATIENCE = 300_000;
/** Milliseconds between two looks after that. */
const SELDOM = 60_000;

/**
 * Milliseconds until the next look at a VIF that is not active yet.
 * @param waited milliseconds since the first one
 */
export function nextLook(waited: number): number {
  if (waited >= PATIENCE) return SELDOM;
  return Math.min(LONGEST, Math.max(SHORTEST, waited / 2));
}
