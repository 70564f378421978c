import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** `name:value` pairs separated by commas; the first colon of a pair ends the name. Empty text is an empty map. */
export function dict(): OptionType<ReadonlyMap<string, string>> {
  return {
    name: 'dict',
    parse(text) {
      const pairs = new Map<string, string>();
      if (text.trim() === '') return pairs;
      for (const pair of text.split(',')) {
        const colon = pair.indexOf(':');
        if (colon < 0)
          throw new Error(`Value should be NAME:VALUE pairs separated by ",", but found ${quoted(pair.trim())}`);
        const name = pair.slice(0, colon).trim();
        if (name === '') throw new Error(`Key name should not be empty, but found ${quoted(pair.trim())}`);
        if (pairs.has(name)) throw new Error(`Duplicate key ${quoted(name)}; each key is allowed once`);
        pairs.set(name, pair.slice(colon + 1).trim());
      }
      return pairs;
    },
    format: (pairs) => [...pairs].map(([name, value]) => `${name}:${value}`).join(','),
  };
}
