import fc from 'fast-check';
import type { L7Policy, L7PolicyAction, L7Rule } from '../model.js';
import { everyPathRule, exactPathRule, hostRule, prefixPathRule } from '../rule-forms.js';
import type { RouteRequest } from './request.js';

export function policy(key: string, rules: readonly L7Rule[], others: Partial<L7Policy> = {}): L7Policy {
  const source = { kind: 'Ingress', namespace: 'shop', name: 'web' };
  return { key, action: 'REDIRECT_TO_POOL', redirectPool: `pool of ${key}`, enabled: true, rules, source, ...others };
}

export function header(key: string, value: string): L7Rule {
  return { type: 'HEADER', compareType: 'EQUAL_TO', key, value, invert: false };
}

/** Forms of ours, of other programs, and some that no router takes. */
const arbitraryRule: fc.Arbitrary<L7Rule> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('w.x', 'v.x', 'x', '*.x', '*.w.x').map(hostRule),
      fc.constantFrom('/a', '/a/', '/a/b', '/').map(exactPathRule),
      fc.constantFrom('/a', '/a/b', '/ab').map(prefixPathRule),
      fc.constant(everyPathRule()),
      fc.record<L7Rule>({
        type: fc.constantFrom('HOST_NAME', 'PATH', 'FILE_TYPE', 'HEADER', 'COOKIE'),
        compareType: fc.constantFrom('EQUAL_TO', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'REGEX'),
        key: fc.constantFrom('X-Canary', 'constructor'),
        value: fc.constantFrom(
          'w.x',
          'W.X',
          'w.x:80',
          '.x',
          '/a',
          'b',
          'yes',
          '^(w|v)\\.x$',
          '^/a(/|$)',
          '^/(/|$)',
          '(',
          '^w.x(:[0-9]*)?$',
        ),
        invert: fc.constant(false),
      }),
    ),
    fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  )
  .map(([rule, invert]) => ({ ...rule, invert }));

const ACTIONS: readonly L7PolicyAction[] = [
  'REDIRECT_TO_POOL',
  'REDIRECT_TO_POOL',
  'FIXED_RESPONSE',
  'REJECT',
  'REDIRECT_PREFIX',
];

export const arbitraryPolicies: fc.Arbitrary<readonly L7Policy[]> = fc
  .array(
    fc.tuple(
      fc.array(arbitraryRule, { maxLength: 3 }),
      fc.constantFrom(...ACTIONS),
      fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    ),
    { maxLength: 12 },
  )
  .map((policies) => policies.map(([rules, action, enabled], index) => policy(`${index}`, rules, { action, enabled })));

export const arbitraryRequest: fc.Arbitrary<RouteRequest> = fc.record({
  host: fc.constantFrom('w.x', 'W.X', 'w.x:80', 'v.x', 'q.x:8080', 'x', 'q.w.x', 'w.x.', '.x', 'w.x:80:80', ''),
  path: fc.constantFrom('/', '/a', '/a/', '/a//', '/a/b', '/a/b/c', '/ab', '/ab/a', '//', '*', ''),
  headers: fc.constantFrom({}, { 'x-canary': 'yes' }, { 'x-canary': 'no, yes', cookie: 'q=1; X-Canary=yes' }),
});
