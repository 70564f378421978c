import { expect, it } from '@jest/globals';
import { multiString } from './multi-string.js';

it('keeps every value whole and in order, without the empty ones', () => {
  expect(multiString().multiple?.parse(['a,b', '', 'c'])).toEqual(['a,b', 'c']);
});
