import { describe, expect, it } from '@jest/globals';
import { applyChange } from '../../apply-change.js';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import { OCTAVIA } from '../../octavia.fixture.js';
import { hostRule } from '../../rule-forms.js';
import { plan } from '../plan.js';
import { described, desiredRouter, member, observedRouter, policy, pool } from '../router.fixture.js';

const theirs = { foreign: true, id: 'theirs' };

describe('what failed', () => {
  it('is a policy: deleted before anything else, and made anew in its place', () => {
    const [first, second] = [policy('a.x|Prefix|/', 'p'), policy('|Prefix|/', 'p')];
    const policies = [first, second];
    const observed = observedRouter([{ ...first, failed: true }, second], [pool('p', [member(1)])]);
    expect(described(desiredRouter(policies), observed, FULL_CAPABILITIES)).toEqual([
      'delete l7policy a.x|Prefix|/ on HTTP:80',
      'set 0 members of pool p',
      'create l7policy a.x|Prefix|/ -> pool p at position 1 on HTTP:80',
    ]);
  });

  it('is a pool: our policies leave it for a moment and keep their rules', () => {
    const policies = [policy('a.x|Prefix|/', 'p')];
    const observed = observedRouter(policies, [{ ...pool('p'), failed: true }]);
    expect(described(desiredRouter(policies), observed, OCTAVIA)).toEqual([
      'update l7policy a.x|Prefix|/ -> reject, disabled on HTTP:80',
      'delete pool p',
      'create pool p',
      'update l7policy a.x|Prefix|/ -> pool p, enabled on HTTP:80',
    ]);
  });

  it('is a pool of a router that cannot reject: our policies are deleted and made anew', () => {
    const policies = [policy('a.x|Prefix|/', 'p')];
    const observed = observedRouter(policies, [{ ...pool('p'), failed: true }]);
    const capabilities = { ...FULL_CAPABILITIES, actions: ['REDIRECT_TO_POOL'] as const };
    expect(described(desiredRouter(policies), observed, capabilities)).toEqual([
      'delete l7policy a.x|Prefix|/ on HTTP:80',
      'delete pool p',
      'create pool p',
      'create l7policy a.x|Prefix|/ -> pool p on HTTP:80',
    ]);
  });

  it('is such a pool: what is to stay disabled, as it lacks rules, is made anew as it was', () => {
    const waiting = policy('a.x|Exact|/foo', 'p', { rules: [hostRule('a.x')], enabled: false });
    const observed = observedRouter([waiting], [{ ...pool('p'), failed: true }]);
    const capabilities = { ...OCTAVIA, actions: ['REDIRECT_TO_POOL'] as const };
    const changes = plan(desiredRouter([waiting]), observed, capabilities);
    expect(changes.reduce(applyChange, observed).listeners[0]?.policies).toEqual([waiting]);
  });

  it('is a pool that other people lead to: it stays', () => {
    const observed = observedRouter(
      [{ ...policy('admin', 'p'), ...theirs }],
      [{ ...pool('p', [member(1)]), failed: true }],
    );
    expect(described(desiredRouter([], [pool('p')]), observed, OCTAVIA)).toEqual([]);
  });

  it('is a pool that nobody wants: policies are switched away first', () => {
    const observed = observedRouter([policy('a.x|Prefix|/', 'p')], [{ ...pool('p'), failed: true }]);
    expect(described(desiredRouter([policy('a.x|Prefix|/', 'q')]), observed, OCTAVIA)).toEqual([
      'create pool q',
      'update l7policy a.x|Prefix|/ -> pool q on HTTP:80',
      'delete pool p',
    ]);
  });
});
