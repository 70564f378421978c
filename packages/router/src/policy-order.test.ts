import { describe, expect, it } from '@jest/globals';
import type { L7Policy, L7PolicyAction, L7Rule } from './model.js';
import { ROUTER_DEFAULT_KEY } from './policy-key.js';
import { inPolicyOrder, policiesConflict } from './policy-order.js';
import { everyPathRule, exactPathRule, hostRule, prefixPathRule } from './rule-forms.js';

function policy(rules: readonly L7Rule[], key = 'key', action: L7PolicyAction = 'REDIRECT_TO_POOL'): L7Policy {
  return { key, action, enabled: true, rules, source: { kind: 'Ingress', namespace: 'shop', name: 'web' } };
}

describe('the order of policies', () => {
  it('puts exact hosts, wildcards, any host, router-wide default in that order, and Exact before the longest Prefix', () => {
    const inOrder = [
      policy([hostRule('a.example.com'), exactPathRule('/a')]),
      policy([hostRule('a.example.com'), exactPathRule('/a/b/c')]),
      policy([hostRule('a.example.com'), prefixPathRule('/long/path')]),
      policy([hostRule('a.example.com'), prefixPathRule('/a')]),
      policy([hostRule('a.example.com'), prefixPathRule('/b')]),
      policy([hostRule('a.example.com')]),
      policy([hostRule('b.example.com'), exactPathRule('/')]),
      policy([hostRule('*.example.com'), exactPathRule('/a')]),
      policy([exactPathRule('/a')]),
      policy([everyPathRule()]),
      policy([everyPathRule()], ROUTER_DEFAULT_KEY),
    ];
    expect(inPolicyOrder(inOrder.toReversed()).map(({ policy }) => policy)).toEqual(inOrder);
  });
});

describe('whether the order of two policies matters', () => {
  const header: L7Rule = { type: 'HEADER', compareType: 'EQUAL_TO', key: 'x-canary', value: 'yes', invert: false };
  const anyRegex: L7Rule = { type: 'HOST_NAME', compareType: 'REGEX', value: '^(a|b)\\.example$', invert: false };

  it.each<[string, L7Rule[], L7Rule[], boolean]>([
    ['different exact hosts', [hostRule('a.x')], [hostRule('b.x')], false],
    [
      'the same host, other Exact paths',
      [hostRule('a.x'), exactPathRule('/a')],
      [hostRule('a.x'), exactPathRule('/b')],
      false,
    ],
    ['the same host, a path and the whole host', [hostRule('a.x'), exactPathRule('/a')], [hostRule('a.x')], true],
    ['a host and the wildcard that covers it', [hostRule('a.x.y')], [hostRule('*.x.y')], true],
    ['a host and a wildcard one label up', [hostRule('a.b.x.y')], [hostRule('*.x.y')], false],
    ['the parent of a wildcard', [hostRule('x.y')], [hostRule('*.x.y')], false],
    ['two wildcards, one under the other', [hostRule('*.a.x')], [hostRule('*.x')], false],
    ['a host and any host', [hostRule('a.x')], [everyPathRule()], true],
    ['an Exact path under a Prefix', [exactPathRule('/a/b')], [prefixPathRule('/a')], true],
    ['an Exact path beside a Prefix', [exactPathRule('/ab')], [prefixPathRule('/a')], false],
    ['a Prefix under a Prefix', [prefixPathRule('/a')], [prefixPathRule('/a/b')], true],
    ['a Prefix beside a Prefix', [prefixPathRule('/a')], [prefixPathRule('/ab')], false],
    ['a header, which is no form of ours', [header], [hostRule('a.x'), exactPathRule('/a')], true],
    ['a header on another host', [hostRule('b.x'), header], [hostRule('a.x')], false],
    ['a regex of another form', [anyRegex], [hostRule('a.x')], true],
    ['an inverted rule', [{ ...hostRule('b.x'), invert: true }], [hostRule('a.x')], true],
  ])('%s', (_name, a, b, expected) => {
    expect(policiesConflict(policy(a), policy(b))).toBe(expected);
    expect(policiesConflict(policy(b), policy(a))).toBe(expected);
  });

  it('never does between action classes, which are evaluated one after the other', () => {
    expect(policiesConflict(policy([hostRule('a.x')]), policy([hostRule('a.x')], 'other', 'REJECT'))).toBe(false);
  });
});
