import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { damerauLevenshtein } from './damerau-levenshtein.js';

it.each([
  ['', '', 0],
  ['debug', 'debug', 0],
  ['', 'debug', 5],
  ['debug', 'debgu', 1],
  ['debug', 'debugs', 1],
  ['debug', 'dbug', 1],
  ['debug', 'debag', 1],
  ['l7_router_uid', 'l7_router_uuid', 1],
  ['ca', 'abc', 3],
])('counts the edits between %j and %j', (left, right, edits) => {
  expect(damerauLevenshtein(left, right)).toBe(edits);
});

it('is the same in both directions, and at most the longer length', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, (left, right) => {
      const edits = damerauLevenshtein(left, right);
      expect(damerauLevenshtein(right, left)).toBe(edits);
      expect(edits).toBeLessThanOrEqual(Math.max(left.length, right.length));
      expect(edits).toBeGreaterThanOrEqual(Math.abs(left.length - right.length));
    }),
  );
});
