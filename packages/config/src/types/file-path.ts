import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** A path, relative ones to the working directory. Whether anything is there is checked by the reader of the option. */
export function filePath(): OptionType<string> {
  return {
    name: 'file path',
    parse(text) {
      if (text === '' || /[\0\n]/.test(text)) throw new Error(`${quoted(text)} is not a file path`);
      return text;
    },
    format: (value) => value,
  };
}
