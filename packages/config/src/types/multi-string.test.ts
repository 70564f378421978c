import { expect, it } from '@jest/globals';
import { multiString } from './multi-string.js';

it('is a single value where only one is given', () => {
  expect([multiString().parse('a,b'), multiString().parse('')]).toEqual([['a,b'], []]);
});

it('keeps every value whole and in order, without the empty ones', () => {
  expect(multiString().multiple?.parse(['a,b', '', 'c'])).toEqual(['a,b', 'c']);
});
