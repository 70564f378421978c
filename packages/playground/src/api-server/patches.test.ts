import { describe, expect, it } from '@jest/globals';
import { jsonPatch } from './json-patch.js';
import { mergePatch } from './merge-patch.js';

describe('merge patch', () => {
  // RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });
});

describe('JSON patch', () => {
  it('does all its operations', () => {
    const patch = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'replace', path: '/a', value: 2 },
      { op: 'add', path: '/list/-', value: 'x' },
      { op: 'move', from: '/b', path: '/c' },
      { op: 'remove', path: '/d~1e' },
    ];
    expect(jsonPatch({ a: 1, b: 2, list: [], 'd/e': 3 }, patch)).toEqual({ a: 2, c: 2, list: ['x'] });
  });

  it('leaves its target alone', () => {
    const target = Object.freeze({ a: 1 });
    jsonPatch(target, [{ op: 'replace', path: '/a', value: 2 }]);
    expect(target).toEqual({ a: 1 });
  });

  it.each([
    [[{ op: 'test', path: '/a', value: 2 }]],
    [[{ op: 'remove', path: '/nope' }]],
    [[{ op: 'replace', path: '/x/y', value: 1 }]],
    [[{ op: 'add', path: '/list/9', value: 1 }]],
  ])('%j on what has nothing of the kind is unprocessable', (patch) => {
    expect(() => jsonPatch({ a: 1, list: [] }, patch)).toThrow(
      'the server rejected our request due to an error in our request',
    );
  });

  it.each([[{}], [[{ op: 'grow', path: '/a' }]], [[{ op: 'add' }]], ['x']])('%j is no patch', (patch) => {
    expect(() => jsonPatch({}, patch)).toThrow(/error decoding patch/);
  });
});
