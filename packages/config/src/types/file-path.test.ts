import { expect, it } from '@jest/globals';
import { filePath } from './file-path.js';

it('reads a path as it is', () => {
  expect(filePath().parse('/etc/a b.pem')).toBe('/etc/a b.pem');
});

it.each([
  ['', "''"],
  ['a\nb', "'a\\nb'"],
  ['a\0', "'a\\u0000'"],
])('refuses %j', (text, shown) => {
  expect(() => filePath().parse(text)).toThrow(`${shown} is not a file path`);
});
