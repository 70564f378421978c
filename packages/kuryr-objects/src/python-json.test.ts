import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Primitive, pythonJson } from './python-json.js';

describe('JSON as Python writes it', () => {
  it('has spaces after commas and colons, and sorted keys', () => {
    expect(pythonJson({ b: [1, true, null], a: { d: 'x', c: {} }, e: [] })).toBe(
      '{"a": {"c": {}, "d": "x"}, "b": [1, true, null], "e": []}',
    );
  });

  it('escapes all but printable ASCII, as json.dumps does', () => {
    expect(pythonJson('ä\u007f\u2028😀"\\\n\u0001')).toBe('"\\u00e4\\u007f\\u2028\\ud83d\\ude00\\"\\\\\\n\\u0001"');
  });

  it('sorts keys by code points, where JavaScript would sort by UTF-16 units', () => {
    expect(pythonJson({ '😀': 1, '\uffee': 2, ab: 3, a: 4 })).toBe(
      '{"a": 4, "ab": 3, "\\uffee": 2, "\\ud83d\\ude00": 1}',
    );
  });

  it('means the same as before', () => {
    const { tree } = fc.letrec<{ tree: Primitive }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(JSON.parse(pythonJson(value))).toEqual(value);
        expect(pythonJson(value)).toMatch(/^[ -~]*$/);
      }),
      { numRuns: 300 },
    );
  });
});
