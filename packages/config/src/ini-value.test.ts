import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseIni } from './ini-parser.js';
import { formatIniValue } from './ini-value.js';

function roundTrip(text: string): string | undefined {
  return parseIni(`[x]\nbefore = 1\na = ${formatIniValue(text)}\nafter = 2\n`, 'kuryr.conf').assignments[1]?.text;
}

/** One line of a value: anything but a line end. */
const line = fc
  .string({ unit: fc.oneof(fc.constantFrom(...` \t"'#;=:[]$\\`), fc.string({ minLength: 1, maxLength: 1 })) })
  .map((text) => text.replaceAll(/[\r\n]/g, ''));

/** A further line: neither blank nor with white space at its ends. */
const furtherLine = line
  .map((text) => text.replace(/^\p{White_Space}+/u, '').replace(/\p{White_Space}+$/u, ''))
  .filter(Boolean);

it('writes any value so that it is read back the same', () => {
  fc.assert(
    fc.property(line, fc.array(furtherLine, { maxLength: 3 }), (first, further) => {
      const text = [first, ...further].join('\n');
      expect(roundTrip(text)).toBe(text);
    }),
  );
});

it('writes any set of values so that they are read back the same', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.dictionary(name, line)), (sections) => {
      const text = Object.entries(sections).map(([section, values]) =>
        [`[${section}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${formatIniValue(value)}`)].join(
          '\n',
        ),
      );
      const expected = Object.entries(sections).flatMap(([section, values]) =>
        Object.entries(values).map(([key, value]) => ({ section, name: key, text: value })),
      );
      const { assignments } = parseIni(text.join('\n\n'), 'kuryr.conf');
      expect(assignments.map(({ section, name, text }) => ({ section, name, text }))).toEqual(expected);
    }),
  );
});

it('quotes only what needs it', () => {
  expect(formatIniValue('plain')).toBe('plain');
  expect(formatIniValue(' outer')).toBe('" outer"');
  expect(formatIniValue('"quoted"')).toBe('""quoted""');
  expect(formatIniValue('"')).toBe('"""');
  expect(formatIniValue(`it's`)).toBe(`it's`);
});

it.each([['a\rb'], ['a\n'], ['a\n\nb'], ['a\n b'], ['a\nb ']])('refuses %j, which the dialect cannot carry', (text) => {
  expect(() => formatIniValue(text)).toThrow(RangeError);
});
