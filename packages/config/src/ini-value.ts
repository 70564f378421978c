const QUOTED = /^(["'])(?:.*\1)?$/s;
const OUTER_SPACE = /^\p{White_Space}|\p{White_Space}$/u;

/**
 * A value as it has to be written after `name = `, so that {@link parseIni} reads it back: quoted where it begins or ends
 * with white space or looks quoted, further lines indented.
 * @throws RangeError where the dialect cannot carry it: a carriage return, or a further line that is blank or begins or
 * ends with white space
 */
export function formatIniValue(text: string): string {
  if (text.includes('\r')) throw new RangeError('kuryr.conf cannot carry a carriage return');
  const [first = '', ...further] = text.split('\n');
  for (const line of further) {
    if (line === '' || OUTER_SPACE.test(line)) {
      throw new RangeError('kuryr.conf cannot carry a further line that is blank or begins or ends with white space');
    }
  }
  const quotes = OUTER_SPACE.test(first) || QUOTED.test(first);
  return [quotes ? `"${first}"` : first, ...further].join('\n    ');
}
