import type { OptionType } from '../option.js';
import { string } from './string.js';

/** Items separated by commas, white space around them ignored, commas at the end ignored; empty text is an empty list. */
export function list(): OptionType<readonly string[]>;
export function list<T>(item: OptionType<T>): OptionType<readonly T[]>;
export function list(item: OptionType<unknown> = string()): OptionType<readonly unknown[]> {
  return {
    name: 'list',
    ...(item.allowed === undefined ? {} : { allowed: item.allowed }),
    parse(text) {
      const items = text.trim().replace(/,+$/, '');
      return items === '' ? [] : items.split(',').map((part) => item.parse(part.trim()));
    },
    format: (values) => values.map((value) => item.format(value)).join(','),
  };
}
