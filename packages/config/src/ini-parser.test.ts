import { describe, expect, it } from '@jest/globals';
import { IniSyntaxError, parseIni } from './ini-parser.js';

/** `section.name = text` of every assignment. */
function read(text: string): readonly string[] {
  return parseIni(text, 'kuryr.conf').assignments.map(({ section, name, text }) => `${section}.${name} = ${text}`);
}

function refusal(text: string): string {
  try {
    parseIni(text, 'kuryr.conf');
  } catch (error) {
    if (error instanceof IniSyntaxError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe('names and values', () => {
  it.each([
    ['a = b', 'a = b'],
    ['a: b', 'a = b'],
    ['a=b:c', 'a = b:c'],
    ['a: b=c', 'a = b=c'],
    ['a =', 'a = '],
    ['a  \t=\t b \t', 'a = b'],
    ['two words = b', 'two words = b'],
    ['A = b', 'A = b'],
  ])('end the name at the first = or : in %j', (line, expected) => {
    expect(read(`[DEFAULT]\n${line}`)).toEqual([`DEFAULT.${expected}`]);
  });

  it.each([
    ['"b"', 'b'],
    ["'b'", 'b'],
    ['" b "', ' b '],
    [`'"b"'`, '"b"'],
    ['""b""', '"b"'],
    [`"b'`, `"b'`],
    ['"b', '"b'],
    ['b"', 'b"'],
    ['"', ''],
    ['""', ''],
  ])('strip one layer of equal quotes from %j', (value, expected) => {
    expect(read(`[DEFAULT]\na = ${value}`)).toEqual([`DEFAULT.a = ${expected}`]);
  });

  it('keep every one of repeated names, in the order of the file', () => {
    expect(read('[x]\na = 1\nb = 2\na = 3')).toEqual(['x.a = 1', 'x.b = 2', 'x.a = 3']);
  });

  it.each([['\n'], ['\r\n'], ['\r']])('take %j for the end of a line', (end) => {
    expect(read(['[x]', 'a = 1', ' 2', 'b = 3', ''].join(end))).toEqual(['x.a = 1\n2', 'x.b = 3']);
  });

  it('do not take other line separators of Unicode for the end of a line', () => {
    expect(read('[x]\na = 1\u20282\u000b3')).toEqual(['x.a = 1\u20282\u000b3']);
  });
});

describe('comments', () => {
  it('are lines that begin with # or ; in the first column', () => {
    expect(read('# a = 1\n[x]\n;b = 2\n#\nc = 3')).toEqual(['x.c = 3']);
  });

  it('do not exist after a value', () => {
    expect(read('[x]\na = b # c\nd = e ; f')).toEqual(['x.a = b # c', 'x.d = e ; f']);
  });

  it('do not exist indented: such a line continues the value', () => {
    expect(read('[x]\na = b\n  # c')).toEqual(['x.a = b\n# c']);
  });

  it('end the value before them', () => {
    expect(refusal('[x]\na = b\n# c\n d')).toBe("kuryr.conf:4: Unexpected continuation line: ' d'");
  });
});

describe('continuation lines', () => {
  it('are joined with line feeds, without their white space', () => {
    expect(read('[x]\na = b\n  c \n\td\nb = e')).toEqual(['x.a = b\nc\nd', 'x.b = e']);
  });

  it('may follow an empty value', () => {
    expect(read('[x]\na =\n  b')).toEqual(['x.a = \nb']);
  });

  it('end at a blank line, even one of white space only', () => {
    expect(refusal('[x]\na = b\n \t \n c')).toBe("kuryr.conf:4: Unexpected continuation line: ' c'");
  });

  it('do not reach over a section heading', () => {
    expect(refusal('[x]\na = b\n[y]\n c')).toBe("kuryr.conf:4: Unexpected continuation line: ' c'");
  });

  it('need a name in progress', () => {
    expect(refusal('[x]\n a = b')).toBe("kuryr.conf:2: Unexpected continuation line: ' a = b'");
  });

  it('keep quotes, which are stripped from the first line only', () => {
    expect(read('[x]\na = "b"\n  "c"\nd = "e\n  f"')).toEqual(['x.a = b\n"c"', 'x.d = "e\nf"']);
  });
});

describe('sections', () => {
  it('may be opened again', () => {
    const file = parseIni('[x]\na = 1\n[y]\nb = 2\n[x]\nc = 3', 'kuryr.conf');
    expect(file.assignments.map(({ section, name }) => section + name)).toEqual(['xa', 'yb', 'xc']);
    expect(file.sections.map(({ name, line }) => name + line)).toEqual(['x1', 'y3', 'x5']);
  });

  it('have names exactly as written between the brackets', () => {
    expect(parseIni('[ x ]\n[y]]', 'kuryr.conf').sections.map(({ name }) => name)).toEqual([' x ', 'y]']);
  });

  it('may be closed by white space', () => {
    expect(read('[x] \t\na = 1')).toEqual(['x.a = 1']);
  });
});

describe('a line that cannot be read', () => {
  it.each([
    ['a = 1', "1: Section must be started before assignment: 'a = 1'"],
    ['[x', "1: Invalid section (must end with ]): '[x'"],
    ['[x] # c', "1: Invalid section (must end with ]): '[x] # c'"],
    ['\n[]', "2: Empty section name: '[]'"],
    ['[x]\n= 1', "2: Key cannot be empty: '= 1'"],
    ['[x]\n: 1', "2: Key cannot be empty: ': 1'"],
    ['[x]\na = 1\nwhat is this', "3: No ':' or '=' found in assignment: 'what is this'"],
    ['\ufeff[x]', "1: No ':' or '=' found in assignment: '\\ufeff[x]'"],
  ])('%j is reported with file, line and the words of oslo.config', (text, expected) => {
    expect(refusal(text)).toBe(`kuryr.conf:${expected}`);
  });

  it.each([
    ['[x]\npassword = a\n\n  s3cret'],
    ['[x]\npassword = a\n# c\n  s3cret'],
    ['[x]\npassword = a\n= s3cret'],
    ['[x]\npassword s3cret'],
    ['password = s3cret'],
  ])('%j does not disclose the secret', (text) => {
    expect(refusal(text)).toMatch(/^kuryr\.conf:\d+: /);
    expect(refusal(text)).not.toContain('s3cret');
  });
});

it('knows the file and the line of every value', () => {
  expect(parseIni('[x]\n\na = 1\n  2\n  3\nb = 4', 'k.conf').assignments).toEqual([
    { section: 'x', name: 'a', text: '1\n2\n3', file: 'k.conf', line: 3 },
    { section: 'x', name: 'b', text: '4', file: 'k.conf', line: 6 },
  ]);
});

it('reads an empty file, and one without a line end', () => {
  expect(read('')).toEqual([]);
  expect(read('[x]\na = 1')).toEqual(['x.a = 1']);
});
