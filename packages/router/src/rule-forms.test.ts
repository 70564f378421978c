import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { L7Rule } from './model.js';
import { everyPathRule, exactPathRule, hostRule, prefixPathRule, readHostRule, readPathRule } from './rule-forms.js';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const path = fc
  .array(fc.stringMatching(/^[!-.0-~]{1,6}$/), { minLength: 1, maxLength: 3 })
  .map((elements) => `/${elements.join('/')}`);

describe('rules of the forms that Ingresses come to', () => {
  it('are written as measured on Octavia', () => {
    expect(hostRule('www.example.com').value).toBe('^www\\.example\\.com(:[0-9]+)?$');
    expect(hostRule('*.example.com').value).toBe('^[^.]+\\.example\\.com(:[0-9]+)?$');
    expect(exactPathRule('/foo')).toEqual({ type: 'PATH', compareType: 'EQUAL_TO', value: '/foo', invert: false });
    expect(prefixPathRule('/foo').value).toBe('^/foo(/|$)');
  });

  it('are read back as they were meant', () => {
    fc.assert(
      fc.property(hostName, path, (host, text) => {
        expect(readHostRule(hostRule(host))).toEqual({ kind: 'exact', host });
        expect(readHostRule(hostRule(`*.${host}`))).toEqual({ kind: 'wildcard', parent: host });
        expect(readPathRule(exactPathRule(text))).toEqual({ kind: 'exact', path: text });
        expect(readPathRule(prefixPathRule(text))).toEqual({ kind: 'prefix', path: text });
      }),
    );
    expect(readPathRule(everyPathRule())).toEqual({ kind: 'prefix', path: '/' });
  });

  it.each<[string, L7Rule]>([
    ['inverted', { ...hostRule('a.x'), invert: true }],
    ['a regex that only looks like a host', { ...hostRule('a.x'), value: '^a.x(:[0-9]+)?$' }],
    ['an alternation', { ...hostRule('a.x'), value: '^(a|b)\\.x(:[0-9]+)?$' }],
    ['a class', { ...hostRule('a.x'), value: '^\\D(:[0-9]+)?$' }],
    ['a host with a port', { ...hostRule('a.x'), value: '^a:80(:[0-9]+)?$' }],
    ['a start of a host', { ...hostRule('a.x'), compareType: 'STARTS_WITH', value: 'www.' }],
    ['a path', exactPathRule('/a')],
  ])('are not seen in a host rule that is %s', (_name, rule) => {
    expect(readHostRule(rule)).toBeUndefined();
  });

  it.each<[string, L7Rule]>([
    ['inverted', { ...exactPathRule('/a'), invert: true }],
    ['a plain string prefix', { ...exactPathRule('/a'), compareType: 'STARTS_WITH' }],
    ['a regex with a group', { ...prefixPathRule('/a'), value: '^/(a|b)(/|$)' }],
    ['an unanchored regex', { ...prefixPathRule('/a'), value: '/a(/|$)' }],
    ['the root alone', { ...prefixPathRule('/a'), value: '^/(/|$)' }],
  ])('are not seen in a path rule that is %s', (_name, rule) => {
    expect(readPathRule(rule)).toBeUndefined();
  });
});
