import type { OptionType } from '../option.js';

/** Any text, the empty one too. */
export function string(): OptionType<string> {
  return { name: 'string', parse: (text) => text, format: (value) => value };
}
