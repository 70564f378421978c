import type { OptionType } from '../option.js';

/** Every value given for the option, in the order of the files and their lines (oslo's MultiStrOpt). Empty ones do not count. */
export function multiString(): OptionType<readonly string[]> {
  return {
    name: 'multi-string',
    parse: (text) => (text === '' ? [] : [text]),
    format: (values) => values.join('\n'),
    multiple: { parse: (texts) => texts.filter((text) => text !== ''), format: (values) => values },
  };
}
