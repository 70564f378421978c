import { describe, expect, it } from '@jest/globals';
import { pcreProblem, pythonProblem } from './regular-expressions.js';
import { renderedValue } from './rendering.js';

describe('a regular expression in a rule', () => {
  const ORDINARY = [
    '^/foo(/|$)',
    '^[^.]+\\.example\\.com(:[0-9]*)?$',
    '(?i)^a',
    'a{2,3}',
    '^(?:a|b)\\d+$',
    '/a(?=/b)',
    '[[:alpha:]]',
    '[.]',
    '\\\\1',
  ];
  it.each(ORDINARY)('is taken by Octavia and by HAProxy: %s', (pattern) => {
    expect(pythonProblem(pattern)).toBeUndefined();
    expect(pcreProblem(renderedValue(pattern))).toBeUndefined();
  });

  it.each(['(a', 'a)', '^(?i)a', '[a', '*a', '\\y'])('is refused by Octavia: %s', (pattern) => {
    expect(pythonProblem(pattern)).toBeDefined();
  });

  it.each(['(?P<x>a)', '(?<=a)b', '(?>a)', '\\u00e9', '(a)\\1', '^/[[:unknown:]]$', '[[.a.]]', 'x[=a=]', 'a{65536}'])(
    'is taken by Octavia, and HAProxy refuses it as it is rendered: %s',
    (pattern) => {
      expect(pythonProblem(pattern)).toBeUndefined();
      expect(pcreProblem(renderedValue(pattern))).toBeDefined();
    },
  );
});
