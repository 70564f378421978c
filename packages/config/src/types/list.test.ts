import { expect, it } from '@jest/globals';
import { list } from './list.js';
import { integer } from './number.js';

it.each([
  ['', []],
  ['  ', []],
  [',', []],
  ['a', ['a']],
  ['a, b ,c', ['a', 'b', 'c']],
  ['a,b,', ['a', 'b']],
  ['a,b,,', ['a', 'b']],
  ['a,,b', ['a', '', 'b']],
  ['a,\nb', ['a', 'b']],
])('reads %j', (text, items) => {
  expect(list().parse(text)).toEqual(items);
});

it('reads every item by its type', () => {
  expect(list(integer()).parse('1, 2')).toEqual([1, 2]);
  expect(() => list(integer()).parse('1, two')).toThrow("'two' is not an integer");
});

it('allows what its items allow', () => {
  expect(list(integer({ minimum: 1 })).allowed).toEqual(['Minimum value: 1']);
});

it('is written with commas', () => {
  expect(list().format(['a', 'b'])).toBe('a,b');
});
