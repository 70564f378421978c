import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** Octavia's filters never find a tag with a comma (measured); percent signs are for what is encoded in tags. */
const PRINTABLE = /^[\x21-\x24\x26-\x2b\x2d-\x7e]+$/;

/** Text that is part of tags, names and descriptions in OpenStack. */
export function tagText({ maximumLength }: { readonly maximumLength: number }): OptionType<string> {
  return {
    name: 'string',
    parse(text) {
      if (!PRINTABLE.test(text) || text.length > maximumLength) {
        throw new Error(
          `${quoted(text)} can't be in the tags of OpenStack's objects: use 1 to ${maximumLength} printable ASCII characters without space, comma and percent sign`,
        );
      }
      return text;
    },
    format: (value) => value,
  };
}
