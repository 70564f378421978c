import { expect, it } from '@jest/globals';
import { dict } from './dict.js';

it.each([
  ['', []],
  [' \n', []],
  ['physnet1:a', [['physnet1', 'a']]],
  [
    ' k : v , k2:v:2 ',
    [
      ['k', 'v'],
      ['k2', 'v:2'],
    ],
  ],
  ['k:', [['k', '']]],
  ['__proto__:x', [['__proto__', 'x']]],
])('reads %j', (text, pairs) => {
  expect([...dict().parse(text)]).toEqual(pairs);
});

it.each([
  ['a:1,a:2', "Duplicate key 'a'; each key is allowed once"],
  ['a:1,b', `Value should be NAME:VALUE pairs separated by ",", but found 'b'`],
  ['a:1,', `Value should be NAME:VALUE pairs separated by ",", but found ''`],
  [' :1', "Key name should not be empty, but found ':1'"],
])('refuses %j', (text, message) => {
  expect(() => dict().parse(text)).toThrow(message);
});

it('is written as pairs', () => {
  expect(
    dict().format(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    ),
  ).toBe('a:1,b:2');
});
