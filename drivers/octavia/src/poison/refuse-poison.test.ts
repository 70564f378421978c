import { describe, expect, it } from '@jest/globals';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { type Change, hostRule, type L7PolicyPatch, type L7Rule, prefixPathRule } from '@kuryr-l7/router';
import fc from 'fast-check';
import { member } from '../wanted.fixture.js';
import { refusePoison } from './refuse-poison.js';

const POLICY = { listener: 'HTTP:80', policy: 'a.example|Prefix|/' } as const;

function rule(value: string, changes: Partial<L7Rule> = {}): L7Rule {
  return { type: 'PATH', compareType: 'REGEX', value, invert: false, ...changes };
}

const ofRule = (wanted: L7Rule): Change => ({ type: 'createRule', ...POLICY, rule: wanted });
const ofPatch = (patch: L7PolicyPatch): Change => ({ type: 'updatePolicy', ...POLICY, patch });

describe('what would poison the load balancer', () => {
  it.each([
    ['an empty value', rule('')],
    ['a value that is too long', rule('x'.repeat(256))],
    ['a space', rule('/a b')],
    ['a line feed, which would be a line of haproxy.cfg', rule('/a\nbind')],
    ['a character that is not ASCII', rule('/ü')],
    ['a character that is HTML-escaped', rule('/a&b', { compareType: 'EQUAL_TO' })],
    ['a quote', rule("/it's", { compareType: 'EQUAL_TO' })],
    ['what begins a comment', rule('/a#b', { compareType: 'EQUAL_TO' })],
    ['a named group', rule('(?P<x>a)')],
    ['a flag in the middle', rule('^(?i)a')],
    ['an atomic group', rule('(?>a)')],
    ['an escaped Unicode character', rule('\\u00e9')],
    ['a reference back to a group', rule('(a)b\\1')],
    ['a POSIX class that is none', rule('^/[[:unknown:]]$')],
    ['a POSIX class outside of brackets', rule('^/[:alpha:]')],
    ['a POSIX collating element', rule('[[.a.]]')],
    ['a POSIX equivalence class', rule('[x[=a=]]')],
    ['a count that PCRE has not', rule('a{65536}')],
    ['a range of counts that PCRE has not', rule('a{1,70000}')],
    ['what is too large when compiled', rule('((((a{200}){200}){200}){200})')],
    ['a long group that is repeated often', rule('(?:[ab][cd][ef][gh][ij][kl][mn][op]){300}')],
    ['what is no regular expression', rule('(a')],
    ['a header without a name', rule('x', { type: 'HEADER' })],
    ['a cookie whose name is none', rule('x', { type: 'COOKIE', key: 'a b' })],
    ['a file type that begins with something', rule('jpg', { type: 'FILE_TYPE', compareType: 'STARTS_WITH' })],
  ])('is not sent as a rule: %s', (_name, wanted) => {
    expect(() => refusePoison(ofRule(wanted))).toThrow(RouterRefusedError);
    expect(() => refusePoison({ type: 'updateRule', ...POLICY, from: rule('/a'), to: wanted })).toThrow(
      /"update l7rule .*" is not sent to Octavia: /s,
    );
  });

  it.each([
    ['a relative URL', { redirectUrl: '/x' }],
    ['a script', { redirectUrl: 'javascript:alert(1)' }],
    ['a space and more configuration', { redirectUrl: 'https://a.example/ code 200' }],
    ['a line feed in a prefix', { redirectPrefix: 'https://a.example\nbind' }],
    ['an ampersand', { redirectUrl: 'https://a.example/?a=1&b=2' }],
    ['a fragment', { redirectUrl: 'https://a.example/#top' }],
    ['a status that Octavia has not', { redirectUrl: 'https://a.example/', redirectHttpCode: 304 }],
    ['a URL that is too long', { redirectUrl: `https://a.example/${'x'.repeat(255)}` }],
  ])('is not sent as a redirect: %s', (_name, patch) => {
    expect(() => refusePoison(ofPatch(patch))).toThrow(RouterRefusedError);
  });

  it.each([
    ['a host name', member('web.example')],
    ['the metadata service', member('169.254.169.254')],
    ['a port that is none', member('10.0.0.1', { port: 0 })],
    ['a weight that is none', member('10.0.0.1', { weight: 257 })],
  ])('is not sent as a member: %s', (_name, wanted) => {
    const change: Change = { type: 'setMembers', pool: 'web', members: [member('10.0.0.9'), wanted] };
    expect(() => refusePoison(change)).toThrow(/member .* of pool web is not sent to Octavia/);
  });

  it.each([
    ['a path without a slash', { urlPath: 'health' }],
    ['a path with a quote', { urlPath: '/it"s' }],
    ['codes that are none', { expectedCodes: '2xx' }],
    ['eleven retries', { maxRetries: 11 }],
  ])('is not sent as a health monitor: %s', (_name, changes) => {
    const healthMonitor = { type: 'HTTP', delay: 5, timeout: 3, maxRetries: 3, maxRetriesDown: 3, ...changes } as const;
    expect(() => refusePoison({ type: 'setHealthMonitor', pool: 'web', healthMonitor })).toThrow(RouterRefusedError);
  });

  it('is not an answer of the load balancer itself, which it has not', () => {
    expect(() => refusePoison(ofPatch({ action: 'FIXED_RESPONSE', statusCode: 404 }))).toThrow(
      /name a pool that answers 404 in \[octavia\] not_found_pool/,
    );
  });
});

describe('what Octavia and its HAProxy read alike', () => {
  it.each([
    ['a host', hostRule('*.a-b.example')],
    ['a path with all that a regular expression escapes', prefixPathRule('/a.b(c)[d]{e}|f^g$h*i+j?k\\l')],
    ['groups that both know', rule('^/(?:a|b)(?=c)(?!d)')],
    ['a UUID', rule('^/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')],
    ['a dot in brackets', rule('^/[.][:=]+[^.]$')],
    ['escaped brackets around what would be a POSIX class', rule('\\[:x:\\]')],
    ['a number behind an escaped backslash', rule('\\\\1')],
    ['an octal character', rule('\\0')],
    ['an escaped parenthesis before a question mark', rule('\\(?x')],
    ['a header', rule('always', { type: 'HEADER', compareType: 'EQUAL_TO', key: 'X-Canary' })],
  ])('is let through: %s', (_name, wanted) => {
    expect(() => refusePoison(ofRule(wanted))).not.toThrow();
  });

  it('is let through: every path that the compiler turns into a rule', () => {
    const path = fc.string({ maxLength: 60 }).filter((text) => /^[\x21-\x7e]*$/.test(text) && !/[&<>'"#]/.test(text));
    fc.assert(
      fc.property(path, (text) => {
        expect(() => refusePoison(ofRule(prefixPathRule(`/${text}`)))).not.toThrow();
      }),
    );
  });

  it('is let through: redirects, members, monitors, pools', () => {
    const redirectUrl = 'https://a.example:8443/new?a=1';
    const monitor = { type: 'HTTP', delay: 5, timeout: 3, maxRetries: 3, maxRetriesDown: 3 } as const;
    const changes: readonly Change[] = [
      ofPatch({ action: 'REDIRECT_TO_URL', redirectUrl, redirectHttpCode: 308 }),
      ofPatch({ action: 'REDIRECT_PREFIX', redirectPrefix: 'https://a.example' }),
      { type: 'setMembers', pool: 'web', members: [member('10.0.0.1'), member('fd00::1', { weight: 0 })] },
      { type: 'setHealthMonitor', pool: 'web', healthMonitor: { ...monitor, urlPath: '/h', expectedCodes: '200-204' } },
      { type: 'deletePool', pool: 'web' },
    ];
    for (const change of changes) expect(() => refusePoison(change)).not.toThrow();
  });
});
