import { describe, expect, it } from '@jest/globals';
import type { LogRecord } from './log-record.js';
import { redacted } from './redaction.js';
import { textLine } from './text-line.js';

const FORMAT = '%Y-%m-%d %H:%M:%S';
const BEGINNING = `2026-11-21 10:14:26.007 ${process.pid}`;

function line(record: Partial<LogRecord>): string {
  const time = new Date(2026, 10, 21, 10, 14, 26, 7);
  return textLine({ level: 'info', name: 'kuryr.writer', time, message: 'applied', fields: {}, ...record }, FORMAT);
}

it('is laid out as oslo.log does it by default', () => {
  expect(line({})).toBe(`${BEGINNING} INFO kuryr.writer [-] applied`);
});

it.each([
  ['debug', 'DEBUG'],
  ['info', 'INFO'],
  ['warn', 'WARNING'],
  ['error', 'ERROR'],
] as const)('calls the level %s %s', (level, name) => {
  expect(line({ level })).toContain(` ${name} kuryr.writer `);
});

describe('fields', () => {
  it.each([
    [{ changes: 3, done: true }, 'changes=3 done=true'],
    [{ namespace: 'default', name: 'web' }, 'namespace=default name=web'],
    [{ reason: 'not there' }, 'reason="not there"'],
    [{ empty: '', quote: '"', equal: 'a=b' }, 'empty="" quote="\\"" equal="a=b"'],
    [{ list: ['a', 'b'], nothing: null, object: { a: 1 } }, 'list=["a","b"] nothing=null object={"a":1}'],
    [{ left: undefined, kept: 1 }, 'kept=1'],
  ])('%j are written as %j', (fields, expected) => {
    expect(line({ fields })).toBe(`${BEGINNING} INFO kuryr.writer [-] applied ${expected}`);
  });

  it('that are errors show their messages and causes', () => {
    const fields = redacted({ error: new TypeError('no', { cause: new Error('why') }) }) as LogRecord['fields'];
    expect(line({ level: 'warn', fields })).toBe(
      `${BEGINNING} WARNING kuryr.writer [-] applied error="TypeError: no; cause: Error: why"`,
    );
  });

  it.each([
    [new Error('no: why', { cause: new TypeError('why') }), 'Error: no: why'],
    [
      new Error('no: why', { cause: new TypeError('why', { cause: new RangeError('1 > 0') }) }),
      'Error: no: why; cause: RangeError: 1 > 0',
    ],
    [new Error('', { cause: new Error('why') }), 'Error: ; cause: Error: why'],
  ])('that are errors say nothing twice: %s', (error, expected) => {
    const fields = redacted({ error }) as LogRecord['fields'];
    expect(line({ level: 'warn', fields })).toBe(`${BEGINNING} WARNING kuryr.writer [-] applied error="${expected}"`);
  });

  it('that are errors show their stacks at level ERROR, every line with the same beginning', () => {
    const fields = redacted({ error: new TypeError('no', { cause: new Error('why') }) }) as LogRecord['fields'];
    const [first, ...stack] = line({ level: 'error', fields }).split('\n');
    expect(first).toBe(`${BEGINNING} ERROR kuryr.writer [-] applied error="TypeError: no; cause: Error: why"`);
    expect(stack[0]).toBe(`${BEGINNING} ERROR kuryr.writer TypeError: no`);
    expect(stack).toContain(`${BEGINNING} ERROR kuryr.writer caused by Error: why`);
    expect(stack.every((text) => text.startsWith(`${BEGINNING} ERROR kuryr.writer `))).toBe(true);
  });
});

it('cannot be forged by line ends, terminal sequences or separators in messages and fields', () => {
  const evil = 'a\nb\r\tc\u001b[31m\u2028\u009b';
  const text = line({ message: evil, fields: { evil, list: [evil] } });
  const shown = 'a\\nb\\r\\tc\\u001b[31m\\u2028\\u009b';
  expect(text).toBe(`${BEGINNING} INFO kuryr.writer [-] ${shown} evil="${shown}" list=["${shown}"]`);
});
