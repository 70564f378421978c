import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { L7Rule } from './model.js';
import {
  everyPathRule,
  exactPathRule,
  type HostForm,
  hostForm,
  hostRule,
  hostsRule,
  type PathForm,
  pathsRule,
  prefixPathRule,
  readHostRule,
  readPathRule,
} from './rule-forms.js';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const path = fc
  .array(fc.stringMatching(/^[!-.0-~]{1,6}$/), { minLength: 1, maxLength: 3 })
  .map((elements) => `/${elements.join('/')}`);

describe('rules of the forms that Ingresses come to', () => {
  it('are written as measured on Octavia', () => {
    expect(hostRule('www.example.com').value).toBe('^www\\.example\\.com(:[0-9]*)?$');
    expect(hostRule('*.example.com').value).toBe('^[^.]+\\.example\\.com(:[0-9]*)?$');
    expect(exactPathRule('/foo')).toEqual({ type: 'PATH', compareType: 'EQUAL_TO', value: '/foo', invert: false });
    expect(prefixPathRule('/foo').value).toBe('^/foo(/|$)');
  });

  it('are read back as they were meant', () => {
    fc.assert(
      fc.property(hostName, path, (host, text) => {
        expect(readHostRule(hostRule(host))).toEqual([{ kind: 'exact', host }]);
        expect(readHostRule(hostRule(`*.${host}`))).toEqual([{ kind: 'wildcard', parent: host }]);
        expect(readPathRule(exactPathRule(text))).toEqual([{ kind: 'exact', path: text }]);
        expect(readPathRule(prefixPathRule(text))).toEqual([{ kind: 'prefix', path: text }]);
      }),
    );
    expect(readPathRule(everyPathRule())).toEqual([{ kind: 'prefix', path: '/' }]);
  });

  it('are written shortly for several hosts and paths', () => {
    const hosts = (...names: readonly string[]) => hostsRule(names.map(hostForm)).value;
    expect(hosts('a.example.com', 'b.c.example.com')).toBe('^(a|b\\.c)\\.example\\.com(:[0-9]*)?$');
    expect(hosts('example.com', 'a.example.com')).toBe('^(example|a\\.example)\\.com(:[0-9]*)?$');
    expect(hosts('a.x', 'b')).toBe('^(a\\.x|b)(:[0-9]*)?$');
    expect(hosts('*.a.example', '*.b.test')).toBe('^[^.]+\\.(a\\.example|b\\.test)(:[0-9]*)?$');
    const paths = (...list: readonly string[]) =>
      pathsRule(list.map((path) => ({ kind: path.endsWith('/') ? 'prefix' : 'exact', path: path.replace(/\/$/, '') })))
        .value;
    expect(paths('/a/', '/b/')).toBe('^(/a|/b)(/|$)');
    expect(paths('/a', '/b')).toBe('^(/a|/b)$');
    expect(paths('/c', '/a/')).toBe('^(/a(/|$)|/c$)');
    expect(paths('/c', '/a/', '/d', '/b/')).toBe('^((/a|/b)(/|$)|(/c|/d)$)');
  });

  const setOfHosts: fc.Arbitrary<readonly HostForm[]> = fc
    .tuple(fc.uniqueArray(hostName, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '*.'))
    .map(([hosts, start]) => hosts.map((host) => hostForm(`${start}${host}`)));
  const setOfPaths: fc.Arbitrary<readonly PathForm[]> = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom('exact' as const, 'prefix' as const), path)
      .map(([kind, path]): PathForm => ({ kind, path })),
    { minLength: 1, maxLength: 5, selector: ({ kind, path }) => `${kind} ${path}` },
  );

  it('are read back as they were meant where there are several hosts and paths', () => {
    const prefixesFirst = (paths: readonly PathForm[]) =>
      paths.toSorted((a, b) => (a.kind > b.kind ? -1 : a.kind < b.kind ? 1 : 0));
    fc.assert(
      fc.property(setOfHosts, setOfPaths, (hosts, paths) => {
        expect(readHostRule(hostsRule(hosts))).toEqual(hosts);
        expect(readPathRule(pathsRule(paths))).toEqual(prefixesFirst(paths));
      }),
      { numRuns: 1000 },
    );
  });

  it('match, as regular expressions, just what each of the hosts or paths does', () => {
    const matches = ({ compareType, value }: L7Rule, text: string) =>
      compareType === 'REGEX' ? new RegExp(value).test(text) : value === text;
    const short = fc.uniqueArray(fc.stringMatching(/^(\/[ab|]{1,2}){1,2}$/), { minLength: 1, maxLength: 4 });
    const forms = fc
      .tuple(short, short)
      .map(([exact, prefixes]) => [
        ...exact.map((path): PathForm => ({ kind: 'exact', path })),
        ...prefixes.map((path): PathForm => ({ kind: 'prefix', path })),
      ]);
    fc.assert(
      fc.property(forms, fc.stringMatching(/^(\/[ab|]{0,2}){1,3}$/), (paths, text) => {
        expect(matches(pathsRule(paths), text)).toBe(paths.some((path) => matches(pathsRule([path]), text)));
      }),
    );
    fc.assert(
      fc.property(setOfHosts, hostName, (hosts, name) => {
        for (const text of [
          name,
          `${name}:80`,
          ...hosts.flatMap((host) => ('host' in host ? host.host : [`${name}.${host.parent}`, host.parent])),
        ])
          expect(matches(hostsRule(hosts), text)).toBe(hosts.some((host) => matches(hostsRule([host]), text)));
      }),
    );
  });

  it.each<[string, L7Rule]>([
    ['inverted', { ...hostRule('a.x'), invert: true }],
    ['a regex that only looks like a host', { ...hostRule('a.x'), value: '^a.x(:[0-9]*)?$' }],
    ['an alternation of one', { ...hostRule('a.x'), value: '^(a)\\.x(:[0-9]*)?$' }],
    ['an alternation with more in common', { ...hostRule('a.x'), value: '^(a\\.x|b\\.x)(:[0-9]*)?$' }],
    ['an alternation with an empty part', { ...hostRule('a.x'), value: '^(|b)\\.x(:[0-9]*)?$' }],
    ['an alternation of wildcards and others', { ...hostRule('a.x'), value: '^([^.]+\\.x|b)(:[0-9]*)?$' }],
    ['a class', { ...hostRule('a.x'), value: '^\\D(:[0-9]*)?$' }],
    ['a host with a port', { ...hostRule('a.x'), value: '^a:80(:[0-9]*)?$' }],
    ['a start of a host', { ...hostRule('a.x'), compareType: 'STARTS_WITH', value: 'www.' }],
    ['a path', exactPathRule('/a')],
  ])('are not seen in a host rule that is %s', (_name, rule) => {
    expect(readHostRule(rule)).toBeUndefined();
  });

  it.each<[string, L7Rule]>([
    ['inverted', { ...exactPathRule('/a'), invert: true }],
    ['a plain string prefix', { ...exactPathRule('/a'), compareType: 'STARTS_WITH' }],
    ['a regex with a group', { ...prefixPathRule('/a'), value: '^/(a|b)(/|$)' }],
    ['an alternation of one', { ...prefixPathRule('/a'), value: '^(/a)(/|$)' }],
    ['an alternation that is not anchored', { ...prefixPathRule('/a'), value: '^(/a|/b)' }],
    ['an alternation with the root', { ...prefixPathRule('/a'), value: '^(/|/b)(/|$)' }],
    ['an alternation of exact paths first', { ...prefixPathRule('/a'), value: '^(/a$|/b(/|$))' }],
    ['an unanchored regex', { ...prefixPathRule('/a'), value: '/a(/|$)' }],
    ['the root alone', { ...prefixPathRule('/a'), value: '^/(/|$)' }],
  ])('are not seen in a path rule that is %s', (_name, rule) => {
    expect(readPathRule(rule)).toBeUndefined();
  });
});
