import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['on', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['off', false],
  ['no', false],
]);

/** oslo.config's words in any case: true, 1, on, yes, false, 0, off, no. */
export function boolean(): OptionType<boolean> {
  return {
    name: 'boolean',
    parse(text) {
      const value = WORDS.get(text.toLowerCase());
      if (value === undefined) {
        throw new Error(`Unexpected boolean value ${quoted(text)}; allowed: ${[...WORDS.keys()].join(', ')}`);
      }
      return value;
    },
    format: String,
  };
}
