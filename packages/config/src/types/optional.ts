import type { OptionType } from '../option.js';

/** An option that may be left unset: empty text means the same as the line not being there. */
export function optional<T>(type: OptionType<T>): OptionType<T | undefined> {
  return {
    name: type.name,
    ...(type.allowed === undefined ? {} : { allowed: type.allowed }),
    parse: (text) => (text.trim() === '' ? undefined : type.parse(text)),
    format: (value) => (value === undefined ? '' : type.format(value)),
  };
}
