import { expect, it } from '@jest/globals';
import { cidr } from './cidr.js';

it.each([['10.0.0.0/8'], ['0.0.0.0/0'], ['192.0.2.1/32'], ['fd00::/8'], ['::/128']])('reads %s', (text) => {
  expect(cidr().parse(text)).toBe(text);
});

it.each([[''], ['10.0.0.0'], ['10.0.0.0/33'], ['10.0.0/8'], ['::/129'], ['10.0.0.0/-1'], ['10.0.0.0/8/8']])(
  'refuses %j',
  (text) => {
    expect(() => cidr().parse(text)).toThrow(`'${text}' is not a network such as 10.0.0.0/8 or fd00::/8`);
  },
);
