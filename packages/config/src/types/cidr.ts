import { isIP } from 'node:net';
import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** An IPv4 or IPv6 network, e.g. `10.0.0.0/8` or `fd00::/8`, kept as written. */
export function cidr(): OptionType<string> {
  return {
    name: 'CIDR',
    parse(text) {
      const [, address = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
      const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
      if (length === '' || Number(length) > bits) {
        throw new Error(`${quoted(text)} is not a network such as 10.0.0.0/8 or fd00::/8`);
      }
      return text;
    },
    format: (value) => value,
  };
}
