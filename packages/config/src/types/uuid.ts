import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** The id of an OpenStack object; Keystone's have no dashes. */
export function uuid(): OptionType<string> {
  return {
    name: 'UUID',
    parse(text) {
      if (!UUID.test(text)) {
        throw new Error(`${quoted(text)} is not a UUID such as 99f580e6-d894-442a-bc5f-4d14b41e10d2`);
      }
      return text;
    },
    format: (value) => value,
  };
}
