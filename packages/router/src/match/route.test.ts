import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { L7Policy, L7Rule } from '../model.js';
import { everyPathRule, exactPathRule, hostRule, prefixPathRule } from '../rule-forms.js';
import { header, policy } from './policies.fixture.js';
import type { RouteRequest } from './request.js';
import { route, UnknownListenerError } from './route.js';

function routeBy(policies: readonly L7Policy[], request: Partial<RouteRequest>) {
  const router = { listeners: [{ key: 'HTTP:80', protocol: 'HTTP', port: 80, policies } as const], pools: [] };
  return route(router, 'HTTP:80', { host: 'www.example.com', path: '/', ...request });
}

function takes(rule: L7Rule, request: Partial<RouteRequest>): boolean {
  return routeBy([policy('one', [rule])], request).policy !== undefined;
}

const rule = (type: L7Rule['type'], compareType: L7Rule['compareType'], value: string, key?: string): L7Rule => ({
  type,
  compareType,
  value,
  ...(key !== undefined && { key }),
  invert: false,
});

describe('a rule', () => {
  it.each<[string, L7Rule, Partial<RouteRequest>, boolean]>([
    ['host with a port', hostRule('www.example.com'), { host: 'www.example.com:8080' }, true],
    ['host with a colon and no port', hostRule('www.example.com'), { host: 'www.example.com:' }, true],
    ['host in another case', hostRule('www.example.com'), { host: 'WWW.Example.COM' }, true],
    ['host with a dot at its end', hostRule('www.example.com'), { host: 'www.example.com.' }, false],
    ['host where another character stands for a dot', hostRule('www.example.com'), { host: 'wwwxexample.com' }, false],
    ['plain host, which wants no port', rule('HOST_NAME', 'EQUAL_TO', 'B.Example'), { host: 'b.example:80' }, false],
    ['plain host in another case', rule('HOST_NAME', 'EQUAL_TO', 'B.Example'), { host: 'b.eXample' }, true],
    ['wildcard and one label', hostRule('*.example.com'), { host: 'a.example.com:80' }, true],
    ['wildcard and two labels', hostRule('*.example.com'), { host: 'a.b.example.com' }, false],
    ['wildcard and no label', hostRule('*.example.com'), { host: 'example.com' }, false],
    ['any host, without a Host header', rule('HOST_NAME', 'REGEX', '.*'), { host: '' }, false],
    ['any path, without a Host header', everyPathRule(), { host: '' }, true],
    ['path in another case', exactPathRule('/foo'), { path: '/Foo' }, false],
    ['path that is percent-encoded otherwise', exactPathRule('/a'), { path: '/%61' }, false],
    ['start of a path', rule('PATH', 'STARTS_WITH', '/two'), { path: '/twofold' }, true],
    ['end of a path', rule('PATH', 'ENDS_WITH', '.png'), { path: '/a.png' }, true],
    ['part of a path', rule('PATH', 'CONTAINS', '/b'), { path: '/a/b' }, true],
    ['regex, which is not anchored', rule('PATH', 'REGEX', 'b+'), { path: '/abbc' }, true],
    ['regex that is none', rule('PATH', 'REGEX', '('), { path: '(' }, false],
    ['file type, an end of the path', rule('FILE_TYPE', 'EQUAL_TO', 'jpg'), { path: '/ajpg' }, true],
    ['header, its name in any case', header('X-C', 'always'), { headers: { 'x-c': 'always' } }, true],
    ['header, its value in the same case', header('X-C', 'always'), { headers: { 'x-c': 'Always' } }, false],
    ['header with several values', header('X-C', 'b'), { headers: { 'x-c': ['a', 'c, b'] } }, true],
    ['header that is missing', header('constructor', 'b'), {}, false],
    ['cookie', rule('COOKIE', 'EQUAL_TO', '1', 'a'), { headers: { cookie: 'b=2; a=1' } }, true],
    ['cookie of another name', rule('COOKIE', 'EQUAL_TO', '1', 'a'), { headers: { cookie: 'aa=1; b=1' } }, false],
  ])('%s', (_name, one, request, expected) => {
    expect(takes(one, request)).toBe(expected);
    const holdsOtherwise = one.value === '(' ? false : !expected;
    expect(takes({ ...one, invert: true }, request)).toBe(holdsOtherwise);
  });
});

describe('a host or path of the forms that Ingresses come to', () => {
  const host = fc.stringMatching(/^[wW:.x8]{0,8}$/);
  const path = fc.stringMatching(/^[/ab]{0,6}$/);

  it('is decided without a regex as it is with one', () => {
    fc.assert(
      fc.property(
        host,
        path,
        fc.constantFrom('w.x', 'x', '*.x', '*.w.x'),
        fc.constantFrom('/a', '/a/b'),
        (...drawn) => {
          const [requestedHost, requestedPath, ruleHost, rulePath] = drawn;
          const [hostOf, pathOf] = [hostRule(ruleHost), prefixPathRule(rulePath)];
          expect(takes(hostOf, { host: requestedHost })).toBe(new RegExp(hostOf.value, 'i').test(requestedHost));
          expect(takes(pathOf, { path: requestedPath })).toBe(new RegExp(pathOf.value).test(requestedPath));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a decision', () => {
  const host = hostRule('www.example.com');

  it('is 404 where nothing matches', () => {
    expect(routeBy([], {})).toEqual({ action: 'FIXED_RESPONSE', statusCode: 404, trace: [] });
  });

  it('goes by action class first and by position within it', () => {
    const policies = [
      policy('pool', [host]),
      policy('redirect', [host], { action: 'REDIRECT_PREFIX', redirectPrefix: 'https://www.example.com' }),
      policy('reject', [host, exactPathRule('/private')], { action: 'REJECT' }),
    ];
    expect(routeBy(policies, { path: '/private' })).toMatchObject({ policy: { key: 'reject' }, statusCode: 403 });
    expect(routeBy(policies, { path: '/a', query: '?q=1' })).toMatchObject({
      policy: { key: 'redirect' },
      statusCode: 302,
      location: 'https://www.example.com/a?q=1',
    });
    expect(routeBy([policy('first', [host]), policy('second', [host])], {})).toMatchObject({ pool: 'pool of first' });
  });

  it('tells what the router answers itself', () => {
    const toUrl = policy('url', [host], {
      action: 'REDIRECT_TO_URL',
      redirectUrl: 'https://x.example/',
      redirectHttpCode: 301,
    });
    expect(routeBy([toUrl], { path: '/a' })).toMatchObject({ statusCode: 301, location: 'https://x.example/' });
    const fixed = policy('fixed', [host], { action: 'FIXED_RESPONSE', statusCode: 503 });
    expect(routeBy([fixed], {})).toMatchObject({ action: 'FIXED_RESPONSE', statusCode: 503 });
  });

  it('passes over disabled policies and those without rules', () => {
    const policies = [policy('disabled', [host], { enabled: false }), policy('bare', []), policy('live', [host])];
    expect(routeBy(policies, {}).policy?.key).toBe('live');
  });

  it('refuses a listener that the router does not have, and names those that it has', () => {
    const router = { listeners: [{ key: 'HTTP:80', protocol: 'HTTP', port: 80, policies: [] } as const], pools: [] };
    const attempt = () => route(router, 'HTTP:81', { host: '', path: '/' });
    expect(attempt).toThrow(UnknownListenerError);
    expect(attempt).toThrow('The router has no listener HTTP:81; it has HTTP:80');
  });
});

describe('the trace of a decision', () => {
  const host = hostRule('www.example.com');
  const wildcard = hostRule('*.example.com');
  const trace = (policies: readonly L7Policy[], request: Partial<RouteRequest>) =>
    routeBy(policies, request).trace.map(({ policy: { key }, verdict, reason }) => `${key}: ${verdict}: ${reason}`);

  it('says why the winner won and why others lost', () => {
    const policies = [
      policy('exact', [host, exactPathRule('/a/b')]),
      policy('canary', [host, prefixPathRule('/a/b'), header('X-Canary', 'yes')]),
      policy('long', [host, prefixPathRule('/a/b')]),
      policy('short', [host, prefixPathRule('/a')]),
      policy('rest', [host]),
      policy('stranger', [hostRule('other.example.com')]),
      policy('wildcard', [wildcard]),
      policy('bare', []),
      policy('off', [host], { enabled: false }),
      policy('any', [everyPathRule()]),
    ];
    expect(trace(policies, { path: '/a/b/c' })).toEqual([
      'exact: otherPath: wants PATH EQUAL_TO /a/b, not /a/b/c',
      'canary: otherCondition: wants HEADER X-Canary EQUAL_TO yes',
      'long: wins: takes Prefix /a/b of www.example.com',
      'short: outranked: would match, but Prefix /a/b is longer',
      'rest: outranked: would match, but it takes only what no path of the host takes',
      'wildcard: outranked: would match, but *.example.com is less specific than www.example.com',
      'bare: noRules: has no rules, and such a policy matches nothing',
      'off: disabled: would match, but is disabled',
      'any: outranked: would match, but any host is less specific than www.example.com',
    ]);
    expect(trace(policies, { path: '/a/b' })[2]).toBe(
      'long: outranked: would match, but an Exact path goes before others',
    );
  });

  it('names hosts that only resemble the one of the request', () => {
    const policies = [policy('www', [host]), policy('wild', [wildcard])];
    expect(trace(policies, { host: 'www.example.com.' })).toEqual([
      'www: otherHost: is for www.example.com, and a host with a dot at its end is another host',
      'wild: otherHost: is for *.example.com, and a host with a dot at its end is another host',
    ]);
    expect(trace(policies, { host: 'a.b.example.com' })).toEqual([
      'wild: otherHost: is for *.example.com, and a wildcard stands for exactly one label',
    ]);
    expect(trace(policies, { host: 'example.com:80' })).toEqual([
      'wild: otherHost: is for *.example.com, which does not include example.com itself',
    ]);
    expect(trace(policies, { host: 'elsewhere.org' })).toEqual([]);
  });

  it('tells action classes and mere order apart', () => {
    const redirect = policy('redirect', [host], { action: 'REDIRECT_TO_URL', redirectUrl: 'https://x.example/' });
    expect(trace([policy('one', [host]), redirect], {})[1]).toBe(
      'one: outranked: would match, but REDIRECT_TO_URL policies are evaluated before REDIRECT_TO_POOL policies, whatever their positions',
    );
    expect(trace([policy('one', [host]), policy('two', [host])], {})[1]).toBe(
      "two: outranked: would match, but policy one comes first in the router's order",
    );
  });
});
