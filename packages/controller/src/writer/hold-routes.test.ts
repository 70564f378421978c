import { describe, expect, it } from '@jest/globals';
import {
  applyChange,
  emptyRouter,
  FULL_CAPABILITIES,
  hostForm,
  hostRule,
  hostsRule,
  type L7Policy,
  type ObservedRouter,
  type Pool,
  plan,
  prefixPathRule,
  route,
} from '@kuryr-l7/router';
import { holdRoutes } from './hold-routes.js';

const source = { kind: 'Ingress', namespace: 'ns', name: 'web' };
const listener = { key: 'HTTP:80', protocol: 'HTTP' as const, port: 80 };

const pool = (name: string): Pool => ({ name, protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members: [], source });

const policy = (key: string, redirectPool: string): L7Policy => ({
  key,
  action: 'REDIRECT_TO_POOL',
  redirectPool,
  enabled: true,
  rules: [{ type: 'PATH', compareType: 'STARTS_WITH', value: '/', invert: false }],
  source,
});

const router = (policies: readonly L7Policy[], pools: readonly Pool[]): ObservedRouter => ({
  listeners: [{ ...listener, policies: policies.map((entry) => ({ ...entry, id: `id-${entry.key}` })) }],
  pools,
});

const holds = (pools: readonly string[], policies: readonly string[] = []) => ({
  pools: new Set(pools),
  policies: new Set(policies),
});

const RULE_BY_RULE = { ...FULL_CAPABILITIES, policyWithRules: false, poolWithMembers: false, atomicReplace: false };

describe('routes that wait for their pool', () => {
  it('do not go live before somebody has filled it', () => {
    const wanted = holdRoutes(
      [policy('a', 'ns_a'), policy('b', 'ns_b')],
      [pool('ns_a')],
      [listener],
      router([], []),
      holds(['ns_b']),
    );
    expect(wanted.listeners[0]?.policies.map(({ key }) => key)).toEqual(['a']);
    expect(wanted.pools.map(({ name }) => name)).toEqual(['ns_a']);
  });

  it('stay as the router has them after a restart, with the pool they lead to', () => {
    const there = router([policy('a', 'ns_a')], [pool('ns_a')]);
    const wanted = holdRoutes([policy('a', 'ns_a')], [], [listener], there, holds(['ns_a']));
    expect(wanted.listeners[0]?.policies).toEqual([policy('a', 'ns_a')]);
    expect(wanted.pools).toEqual([pool('ns_a')]);
  });

  it('keep leading to the old pool while the new one is not filled', () => {
    const there = router([policy('a', 'ns_old')], [pool('ns_old')]);
    const wanted = holdRoutes([policy('a', 'ns_new')], [], [listener], there, holds(['ns_new']));
    expect(wanted.listeners[0]?.policies).toEqual([policy('a', 'ns_old')]);
    expect(wanted.pools).toEqual([pool('ns_old')]);
  });

  it('keep their place in a policy that they shared with others until then', () => {
    const onHosts = (key: string, hosts: readonly string[], redirectPool: string): L7Policy => ({
      ...policy(key, redirectPool),
      rules: [hostsRule(hosts.map(hostForm))],
    });
    const together = onHosts('a.x|Prefix|/', ['a.x', 'b.x', 'c.x'], 'ns_old');
    const there = router([together, onHosts('d.x|Prefix|/', ['d.x'], 'ns_old')], [pool('ns_old')]);
    const apart = [onHosts('a.x|Prefix|/', ['a.x', 'c.x'], 'ns_old'), onHosts('b.x|Prefix|/', ['b.x'], 'ns_new')];
    const waiting = holdRoutes(apart, [pool('ns_old')], [listener], there, holds(['ns_new']));
    expect(waiting.listeners[0]?.policies).toEqual([together]);
    const keyGone = [onHosts('b.x|Prefix|/', ['b.x', 'c.x'], 'ns_new')];
    const leaving = holdRoutes(keyGone, [], [listener], there, holds(['ns_new']));
    expect(leaving.listeners[0]?.policies).toEqual([together]);
    const filled = holdRoutes(apart, [pool('ns_new'), pool('ns_old')], [listener], there, holds([]));
    expect(filled.listeners[0]?.policies).toEqual(apart);
  });

  it('stay as they are where the router has refused the change, while others go on', () => {
    const there = router([policy('a', 'ns_old')], [pool('ns_old')]);
    const wanted = holdRoutes(
      [policy('a', 'ns_new'), policy('b', 'ns_new')],
      [pool('ns_new')],
      [listener],
      there,
      holds([], ['HTTP:80 a']),
    );
    expect(wanted.listeners[0]?.policies.map((entry) => [entry.key, entry.redirectPool])).toEqual([
      ['a', 'ns_old'],
      ['b', 'ns_new'],
    ]);
    expect(wanted.pools.map(({ name }) => name)).toEqual(['ns_new', 'ns_old']);
  });

  it('stay, with their pool, where the router has refused to delete them', () => {
    const there = router([policy('a', 'ns_a')], [pool('ns_a')]);
    const wanted = holdRoutes([], [], [listener], there, holds([], ['HTTP:80 a']));
    expect(wanted.listeners[0]?.policies).toEqual([policy('a', 'ns_a')]);
    expect(wanted.pools).toEqual([pool('ns_a')]);
  });

  it('go where they were refused the rest of their rules, since they would match too much', () => {
    const whole = policy('a', 'ns_a');
    const there = router([{ ...whole, rules: whole.rules.slice(0, 0) }], [pool('ns_a')]);
    const wanted = holdRoutes([whole], [pool('ns_a')], [listener], there, holds([], ['HTTP:80 a']));
    expect(wanted.listeners[0]?.policies).toEqual([]);
  });

  it.each([
    [3, 'created'],
    [2, 'given the first of their rules'],
  ])('stay disabled where a process was killed %i writes before the end, when they were %s', (left) => {
    const onHost = (host: string, path: string, redirectPool: string): L7Policy => ({
      ...policy(`${host}|Prefix|${path}`, redirectPool),
      rules: [hostRule(host), ...(path === '/' ? [] : [prefixPathRule(path)])],
    });
    const before = [onHost('a.x', '/', 'ns_web'), onHost('b.x', '/', 'ns_api')];
    const wanted = [onHost('a.x', '/admin', 'ns_api'), ...before];
    const member = { address: '10.0.0.1', port: 80, weight: 1, backup: false };
    const pools = ['ns_api', 'ns_web'].map((name) => ({ ...pool(name), members: [member] }));
    const changesTo = (policies: readonly L7Policy[], from: ObservedRouter) =>
      plan({ listeners: [{ ...listener, policies }], pools }, from, RULE_BY_RULE);
    const standing = changesTo(before, emptyRouter([listener])).reduce(applyChange, emptyRouter([listener]));
    const killed = changesTo(wanted, standing).slice(0, -left).reduce(applyChange, standing);

    const restarted = holdRoutes(wanted, pools.slice(1), [listener], killed, holds(['ns_api']));
    const changes = plan(restarted, killed, RULE_BY_RULE);
    const reached = changes.reduce(applyChange, killed);
    expect(route(reached, listener.key, { host: 'a.x', path: '/' }).pool).toBe('ns_web');
    expect(changes).toEqual([]);
  });

  it('are enabled where somebody has disabled them, as they are complete', () => {
    const there = router([{ ...policy('a', 'ns_a'), enabled: false }], [pool('ns_a')]);
    const wanted = holdRoutes([policy('a', 'ns_a')], [], [listener], there, holds(['ns_a']));
    expect(wanted.listeners[0]?.policies).toEqual([policy('a', 'ns_a')]);
  });

  it('stay disabled where the router has refused to enable them', () => {
    const disabled = { ...policy('a', 'ns_a'), enabled: false };
    const there = router([disabled], [pool('ns_a')]);
    const wanted = holdRoutes([policy('a', 'ns_a')], [pool('ns_a')], [listener], there, holds([], ['HTTP:80 a']));
    expect(wanted.listeners[0]?.policies).toEqual([disabled]);
  });

  it('go where they were left half-made and their pool may be filled for others meanwhile', () => {
    const whole = { ...policy('a', 'ns_new'), rules: [hostRule('a.x'), prefixPathRule('/admin')] };
    const half = { ...whole, redirectPool: 'ns_old', rules: [hostRule('a.x')] };
    const wanted = (current: L7Policy, ...pools: string[]) =>
      holdRoutes([whole], [], [listener], router([current], [pool('ns_old')]), holds(pools)).listeners[0]?.policies;
    expect(wanted(half, 'ns_new')).toEqual([]);
    expect(wanted(half, 'ns_new', 'ns_old')).toEqual([half]);
    expect(wanted({ ...half, enabled: false }, 'ns_new')).toEqual([{ ...half, enabled: false }]);
  });

  it('have no stand-in in a policy that was left half-made: it has what it is not meant to', () => {
    const half = { ...policy('a.x|Prefix|/admin', 'ns_old'), rules: [hostRule('a.x')] };
    const waiting = { ...policy('a.x|Prefix|/', 'ns_new'), rules: [hostRule('a.x')] };
    const there = router([half], [pool('ns_old')]);
    const wanted = holdRoutes([waiting], [pool('ns_old')], [listener], there, holds(['ns_new']));
    expect(wanted.listeners[0]?.policies).toEqual([]);
  });

  it('are shown to the planner by the very same objects when nothing is held', () => {
    const policies = [policy('a', 'ns_a')];
    const pools = [pool('ns_a')];
    const wanted = holdRoutes(policies, pools, [listener], router([], []), holds([]));
    expect(wanted.pools).toBe(pools);
    expect(wanted.listeners[0]?.policies).toBe(policies);
  });
});
