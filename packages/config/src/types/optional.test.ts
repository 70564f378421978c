import { expect, it } from '@jest/globals';
import { integer } from './number.js';
import { optional } from './optional.js';

it('reads empty text as not set, and any other by its type', () => {
  const type = optional(integer({ minimum: 1 }));
  expect(type.parse(' ')).toBeUndefined();
  expect(type.parse('5')).toBe(5);
  expect(() => type.parse('0')).toThrow('Should be greater than or equal to 1');
  expect(type.allowed).toEqual(['Minimum value: 1']);
});

it('is written as empty text where it is not set', () => {
  expect([optional(integer()).format(undefined), optional(integer()).format(5)]).toEqual(['', '5']);
});
