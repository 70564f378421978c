import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** An absolute URL, kept as written. */
export function url(schemes: readonly string[] = ['http', 'https']): OptionType<string> {
  return {
    name: 'URI',
    parse(text) {
      const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : undefined;
      if (scheme === undefined || !schemes.includes(scheme)) {
        throw new Error(
          `${quoted(withoutPassword(text))} is not a URL that begins with ${schemes.map((s) => `${s}://`).join(' or ')}`,
        );
      }
      return text;
    },
    format: (value) => value,
  };
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//***@');
}
