import { expect, it } from '@jest/globals';
import { tagText } from './tag-text.js';

const type = tagText({ maximumLength: 64 });

it.each([['prod'], ['0d6a5ef3-66ec-4e83-bf97-c5d4b4b6a5d1'], ['a.b/c_d~!'], ['x'.repeat(64)]])('reads %s', (text) => {
  expect(type.parse(text)).toBe(text);
});

it.each([[''], ['a,b'], ['a b'], ['50%'], ['ü'], ['a\tb'], ['x'.repeat(65)]])('refuses %j', (text) => {
  expect(() => type.parse(text)).toThrow(/can't be in the tags of OpenStack's objects: use 1 to 64 printable ASCII/);
});
