import { describe, expect, it } from '@jest/globals';
import { applyChange } from '../../apply-change.js';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import type { RouteRequest } from '../../match/request.js';
import type { ObservedPolicy } from '../../model.js';
import { OCTAVIA } from '../../octavia.fixture.js';
import { hostForm, hostRule, hostsRule, pathsRule } from '../../rule-forms.js';
import { plan } from '../plan.js';
import { decisionOn, desiredRouter, HTTP, member, observedRouter, policy, pool } from '../router.fixture.js';

describe('a host whose empty pool is given members while the policy that leads to it is replaced', () => {
  const other = policy('*.x|Prefix|/', 'other');
  const [others, web] = [pool('other', [member(9)]), pool('web', [member(8)])];
  const hosts = hostsRule(['a.x', 'b.x'].map(hostForm));
  const paths = pathsRule(['/admin', '/users'].map((path) => ({ kind: 'prefix', path })));

  it.each<[string, ObservedPolicy[], ObservedPolicy[], RouteRequest]>([
    [
      'by that of a host that shared it',
      [policy('b.x|Prefix|/', 'p', { rules: [hosts] }), other],
      [policy('a.x|Prefix|/', 'p'), other],
      { host: 'a.x', path: '/' },
    ],
    [
      'by that of a path that shared it',
      [policy('a.x|Prefix|/users', 'p', { rules: [hostRule('a.x'), paths] }), policy('a.x|Prefix|/', 'web')],
      [policy('a.x|Prefix|/admin', 'p'), policy('a.x|Prefix|/', 'web')],
      { host: 'a.x', path: '/admin' },
    ],
    [
      'and keeps it from the wildcard of others',
      [policy('a.x|NotFound|', 'p', { rules: [hostRule('a.x')] }), other, policy('|RouterDefault|', 'p')],
      [policy('a.x|Prefix|/', 'web'), other, policy('|RouterDefault|', 'p')],
      { host: 'a.x', path: '/' },
    ],
    [
      'by the one that a stand-in was left for by a crash',
      [policy('a.x|Prefix|/|StandIn', 'p', { rules: [hosts] }), other],
      [policy('a.x|Prefix|/', 'p'), other],
      { host: 'a.x', path: '/' },
    ],
  ])('%s, goes nowhere else meanwhile', (_name, before, after, request) => {
    const observed = observedRouter(before, [pool('p'), others, web]);
    const desired = desiredRouter(after, [pool('p', [member(1)]), others, web]);
    const decisions = plan(desired, observed, OCTAVIA).reduce(
      ({ router, seen }, change) => {
        const next = applyChange(router, change);
        return { router: next, seen: [...seen, decisionOn(next, HTTP.key, request)] };
      },
      { router: observed, seen: [decisionOn(observed, HTTP.key, request)] },
    ).seen;
    expect(decisions[0]).toBe('pool p');
    expect(decisions.filter((decision) => decision !== decisions[0] && decision !== decisions.at(-1))).toEqual([]);
  });
});

describe('a policy that is wanted disabled, as the router has it', () => {
  const waiting = policy('a.x|Prefix|/admin', 'api', { enabled: false, rules: [hostRule('a.x')] });
  const others = [policy('a.x|Prefix|/', 'web'), policy('b.x|Prefix|/', 'api')];

  it.each([
    ['Octavia', OCTAVIA],
    ['a router that writes everything at once', FULL_CAPABILITIES],
  ])('stays so on %s, in its place', (_name, capabilities) => {
    const policies = [waiting, ...others];
    expect(plan(desiredRouter(policies), observedRouter(policies), capabilities)).toEqual([]);
  });
});
