import { expect, it } from '@jest/globals';
import { boolean } from './boolean.js';

it.each([['true'], ['TRUE'], ['1'], ['on'], ['Yes']])('reads %s as true', (text) => {
  expect(boolean().parse(text)).toBe(true);
});

it.each([['false'], ['False'], ['0'], ['OFF'], ['no']])('reads %s as false', (text) => {
  expect(boolean().parse(text)).toBe(false);
});

it.each([[''], ['maybe'], ['2'], ['t'], [' true'], ['true # yes']])('refuses %j and tells the words', (text) => {
  expect(() => boolean().parse(text)).toThrow(
    `Unexpected boolean value '${text}'; allowed: true, 1, on, yes, false, 0, off, no`,
  );
});
