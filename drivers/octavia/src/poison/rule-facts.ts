import type { L7Rule } from '@kuryr-l7/router';
import type { Fact } from './fact.js';

/**
 * Characters that Octavia stores and its HAProxy reads otherwise: the first five are HTML-escaped in haproxy.cfg, and `#`
 * begins a comment there, so that the rest of the value is cut off (`a#b` is compared with `a`).
 */
export const MISREAD_CHARACTERS = '&<>\'"#';

/** The characters of an HTTP field name, which Octavia asks for in a key. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What an L7 rule must not be. */
export const RULE_FACTS: readonly Fact<L7Rule>[] = [
  {
    source: 'API of Octavia 16: 1 to 255 characters, else 400',
    objection: ({ value }) =>
      value.length >= 1 && value.length <= 255
        ? undefined
        : `its value has ${value.length} characters; 1 to 255 are allowed, so shorten it`,
  },
  {
    source: 'measured: space, control and non-ASCII characters get 400 "Invalid characters in comparison value"',
    objection: ({ value }) => {
      const bad = /[^\x21-\x7e]/u.exec(value);
      return bad === null
        ? undefined
        : `its value has the character ${JSON.stringify(bad[0])}; only printable ASCII without space is allowed, so percent-encode it`;
    },
  },
  {
    source:
      'measured on the templates of 11.0.0 and 16.0.0: & < > \' " are accepted and never match, # cuts the value off, with which it matches more than it should',
    objection: ({ value, key = '' }) => {
      const bad = [...value, ...key].find((character) => MISREAD_CHARACTERS.includes(character));
      return bad === undefined
        ? undefined
        : `it has the character ${bad}, which Octavia's HAProxy reads as something else; leave it out or percent-encode it`;
    },
  },
  {
    source: 'measured: (?P<x>, look-behinds and (?> pass the check of Octavia (Python) and break `haproxy -c`',
    objection: ({ compareType, value }) => {
      const group = compareType === 'REGEX' ? /(?<!\\)(?:\\\\)*\(\?(?![:=!])/.exec(value) : null;
      return group === null
        ? undefined
        : 'its regular expression has a group that Python and HAProxy do not both know; only (?:, (?= and (?! are';
    },
  },
  {
    source: 'measured: \\u00e9 passes the check of Octavia and breaks `haproxy -c`',
    objection: ({ compareType, value }) =>
      compareType === 'REGEX' && /(?<!\\)(?:\\\\)*\\[uUN]/.test(value)
        ? 'its regular expression has an escaped Unicode character, which HAProxy does not know'
        : undefined,
  },
  {
    source:
      'measured on HAProxy 3.0 (PCRE2 without captures): (a)\\1 passes the check of Octavia and breaks `haproxy -c`',
    objection: ({ compareType, value }) =>
      compareType === 'REGEX' && /(?<!\\)(?:\\\\)*\\[1-9]/.test(value)
        ? 'its regular expression refers back to a group, which HAProxy does not keep; write out what is meant'
        : undefined,
  },
  {
    source:
      'measured: [[:unknown:]], [:alpha:], [[.a.]] and [[=a=]] are plain characters to the check of Octavia (Python) and break `haproxy -c`',
    objection: ({ compareType, value }) =>
      compareType === 'REGEX' && /(?<!\\)(?:\\\\)*\[([:.=])[^\]]*\1\]/.test(value)
        ? 'its regular expression has a POSIX class, which Python and HAProxy read differently; list the characters, e.g. [a-z]'
        : undefined,
  },
  {
    source:
      'measured: a{65536} passes the check of Octavia and breaks `haproxy -c` (number too big), as does what is larger than 64 KiB when compiled, for which a group is copied as often as it is repeated',
    objection: ({ compareType, value }) =>
      compareType === 'REGEX' && isTooLarge(value)
        ? 'its regular expression repeats something too often for HAProxy; use smaller counts'
        : undefined,
  },
  {
    source:
      'measured: a regular expression that Python can not compile gets 400; what JavaScript can not is not worth a try',
    objection: ({ compareType, value }) =>
      compareType === 'REGEX' && !compiles(value) ? 'its value is not a regular expression' : undefined,
  },
  {
    source: 'API of Octavia: HEADER and COOKIE need a key (400), which has to be the name of a field or cookie',
    objection: ({ type, key }) => {
      if (type !== 'HEADER' && type !== 'COOKIE') return undefined;
      return key !== undefined && key.length <= 255 && TOKEN.test(key)
        ? undefined
        : `a rule for a ${type.toLowerCase()} has to name it in up to 255 characters of an HTTP token`;
    },
  },
  {
    source: 'measured: FILE_TYPE takes EQUAL_TO and REGEX only, else 400',
    objection: ({ type, compareType }) =>
      type === 'FILE_TYPE' && compareType !== 'EQUAL_TO' && compareType !== 'REGEX'
        ? 'a file type is compared by EQUAL_TO or REGEX only'
        : undefined,
  },
];

/** PCRE2 has counts up to 65535, and needs up to 9 bytes of its 64 KiB for a character of the pattern, e.g. for `[ab]`. */
function isTooLarge(pattern: string): boolean {
  const counts = (braces: RegExp) =>
    [...pattern.matchAll(braces)].map(([, least = '', most = '']) => Math.max(Number(least), Number(most)));
  const copies = counts(/\)\{(\d*),?(\d*)\}/g).reduce((product, count) => product * Math.max(count, 1), 1);
  return counts(/\{(\d*),?(\d*)\}/g).some((count) => count > 65_535) || pattern.length * copies > 7_000;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
