import { expect, it } from '@jest/globals';
import { oneOf } from './one-of.js';

it('reads one of the words and tells them for any other', () => {
  const type = oneOf(['L2', 'L3']);
  expect(type.parse('L3')).toBe('L3');
  expect(() => type.parse('l3')).toThrow("Valid values are [L2, L3], but found 'l3'");
  expect(type.allowed).toEqual(['Possible values:', 'L2', 'L3']);
});

it('may ignore the case, and gives the word as it is listed', () => {
  expect(oneOf(['ROUND_ROBIN', 'SOURCE_IP'], { ignoreCase: true }).parse('source_ip')).toBe('SOURCE_IP');
});
