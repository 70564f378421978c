import { expect, it } from '@jest/globals';
import type { Option } from '../option.js';
import { CORE_OPTIONS } from './core-options.js';

const NAMES = CORE_OPTIONS.map((option) => [`[${option.group}] ${option.name}`, option] as const);

it.each(NAMES)('%s has a valid default', (_, { type, default: value }: Option) => {
  if (value !== undefined) expect(type.parse(type.format(value))).toEqual(value);
});

it.each(NAMES)('%s is documented with its meaning and the reason of its default', (_, { help }: Option) => {
  expect(help).toMatch(/^[A-Z].*\.$/s);
  expect(help).toMatch(/default/i);
});

it('names no option twice', () => {
  expect(new Set(NAMES.map(([name]) => name)).size).toBe(NAMES.length);
});
