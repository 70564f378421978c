import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { portion } from './portion.js';

const SPACE = {
  nameOf: (name: string) => name,
  lengthOf: (part: readonly string[]) => part.join(' ').length,
  maxLength: 30,
};

describe('the parts of a list', () => {
  const lists = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 40 });

  it('hold everything once, in order of names, and each fits', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const parts = portion(list, SPACE);
        expect(parts.flatMap(({ members }) => members)).toEqual(list.toSorted());
        for (const { anchor, members } of parts) {
          expect(members).toContain(anchor);
          expect(SPACE.lengthOf(members)).toBeLessThanOrEqual(SPACE.maxLength);
        }
      }),
    );
  });

  it('do not depend on its order', () => {
    fc.assert(fc.property(lists, (list) => expect(portion(list.toReversed(), SPACE)).toEqual(portion(list, SPACE))));
  });

  it('are one where all of it fits', () => {
    expect(portion(['b', 'c', 'a'], SPACE)).toMatchObject([{ members: ['a', 'b', 'c'] }]);
    expect(portion([], SPACE)).toEqual([]);
  });
});
