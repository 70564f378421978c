import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.js';
import { causesOf, definition } from './causes.fixture.js';

describe('an IngressClass', () => {
  const ingressClass = definition('IngressClass');
  it.each<[JsonObject, string[]]>([
    [{ controller: 'example.com/c' }, []],
    [{}, ['spec.controller: Required value']],
    [
      { controller: 'c' },
      ['spec.controller: Invalid value: "c": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [{ controller: `a/${'b'.repeat(250)}` }, ['spec.controller: Too long: may not be more than 250 bytes']],
    [
      { controller: 'a/b', parameters: { kind: 'K', name: 'n', scope: 'Namespace' } },
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      { controller: 'a/b', parameters: { kind: 'K', name: 'n', namespace: 'x' } },
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
  ])('%j', (spec, causes) => {
    expect(causesOf(ingressClass, { spec })).toEqual(causes);
  });

  it('keeps its controller', () => {
    expect(causesOf(ingressClass, { spec: { controller: 'a/b' } }, { spec: { controller: 'a/c' } })).toEqual([
      'spec.controller: Invalid value: "a/b": field is immutable',
    ]);
  });
});
