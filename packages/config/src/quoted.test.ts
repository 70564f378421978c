import { expect, it } from '@jest/globals';
import { quoted } from './quoted.js';

it.each([
  ['maybe', "'maybe'"],
  ["it's", `"it's"`],
  ['say "x"', `'say "x"'`],
  [`it's "x"`, `'it\\'s "x"'`],
  ['a\nb\tc', "'a\\nb\\tc'"],
])('shows %j as %s', (text, expected) => {
  expect(quoted(text)).toBe(expected);
});
