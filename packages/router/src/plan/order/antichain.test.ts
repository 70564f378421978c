import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { largestAntichain } from './antichain.js';

type Related = (a: number, b: number) => boolean;

function isAntichain(elements: readonly number[], related: Related): boolean {
  return elements.every((a) => elements.every((b) => !related(a, b)));
}

function largestByTrying(size: number, related: Related): number {
  let largest = 0;
  for (let choice = 0; choice < 2 ** size; choice += 1) {
    const chosen = Array.from({ length: size }, (_, element) => element).filter((element) => choice & (1 << element));
    if (chosen.length > largest && isAntichain(chosen, related)) largest = chosen.length;
  }
  return largest;
}

describe('a largest antichain', () => {
  it('has no two related elements, and no choice of elements has more', () => {
    const points = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 6, maxLength: 10 });
    fc.assert(
      fc.property(points, (points) => {
        // Smaller in every coordinate: a partial order that is not a tree.
        const related: Related = (a, b) => points[a]?.every((value, axis) => value < (points[b]?.[axis] ?? 0)) === true;
        const found = [...largestAntichain(points.length, related)];
        expect(isAntichain(found, related)).toBe(true);
        expect(found).toHaveLength(largestByTrying(points.length, related));
      }),
      { numRuns: 300 },
    );
  });
});
