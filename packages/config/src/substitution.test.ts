import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeSubstitution, substitute } from './substitution.js';

const VALUES: ReadonlyMap<string, string> = new Map([
  ['host', 'example.org'],
  ['port', '80'],
  ['ingress.cluster_id', 'kubernetes'],
  ['empty', ''],
  ['dollar', '$host'],
]);

function substituted(text: string): string {
  return substitute(text, (name) => VALUES.get(name)).text;
}

describe('substitution', () => {
  it.each([
    ['http://$host:$port', 'http://example.org:80'],
    [`\${host}s`, 'example.orgs'],
    [`\${ingress.cluster_id}`, 'kubernetes'],
    ['$ingress.cluster_id', 'kubernetes'],
    [`a\${empty}b`, 'ab'],
  ])('turns %j into %j', (text, expected) => {
    expect(substituted(text)).toBe(expected);
  });

  it.each([
    ['$$host', '$host'],
    ['\\$host', '$host'],
    ['$$$host', '$example.org'],
    [`$\${host}`, `\${host}`],
    ['$$$$', '$$'],
  ])('reads the escapes in %j as %j', (text, expected) => {
    expect(substituted(text)).toBe(expected);
  });

  it.each([
    ['$nobody'],
    [`\${nobody}`],
    ['$host.'],
    ['$Host'],
    ['$1'],
    ['a$'],
    ['$ host'],
    [`\${host`],
    [`\${ host}`],
    ['a\\b'],
  ])('leaves %j as it is', (text) => {
    expect(substituted(text)).toBe(text);
  });

  it('does not substitute into what was substituted', () => {
    expect(substituted('$dollar')).toBe('$host');
  });

  it('names what it does not know', () => {
    expect(substitute(`$host $a \${b.c} $1 $$d`, (name) => VALUES.get(name)).unknown).toEqual(['a', 'b.c']);
  });

  it('gives any text back that was escaped', () => {
    const text = fc.string({ unit: fc.constantFrom('$', '\\', '{', '}', 'host', '.', ' ') });
    fc.assert(fc.property(text, (original) => expect(substituted(escapeSubstitution(original))).toBe(original)));
  });
});
