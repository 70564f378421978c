import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** One of some words, in exactly that case, or in any case with `ignoreCase` (the value is the word as listed here). */
export function oneOf<const T extends string>(words: readonly T[], { ignoreCase = false } = {}): OptionType<T> {
  const folded = (word: string) => (ignoreCase ? word.toLowerCase() : word);
  return {
    name: 'string',
    allowed: ['Possible values:', ...words],
    parse(text) {
      const word = words.find((candidate) => folded(candidate) === folded(text));
      if (word === undefined) throw new Error(`Valid values are [${words.join(', ')}], but found ${quoted(text)}`);
      return word;
    },
    format: (value) => value,
  };
}
