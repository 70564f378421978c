import { describe, expect, it } from '@jest/globals';
import {
  applyChange,
  emptyRouter,
  FULL_CAPABILITIES,
  hostRule,
  type L7Policy,
  type Member,
  type ObservedRouter,
  type Pool,
  pathKey,
  plan,
  prefixPathRule,
  type RouteRequest,
  route,
} from '@kuryr-l7/router';
import fc from 'fast-check';
import { holdRoutes } from './hold-routes.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP' as const, port: 80 };
const RULE_BY_RULE = { ...FULL_CAPABILITIES, policyWithRules: false, poolWithMembers: false, atomicReplace: false };
const SOURCE = { kind: 'Ingress', namespace: 'ns', name: 'web' };
const MEMBER: Member = { address: '10.0.0.1', port: 80, weight: 1, backup: false };
const POOLS = ['ns_a', 'ns_b', 'ns_c'];
const ROUTES = ['a.x', 'b.x'].flatMap((host) => ['/', '/admin', '/admin/deep'].map((path) => ({ host, path })));

/** The pools that routes lead to, if they are there, and the pools that have members. */
interface Cluster {
  readonly targets: readonly (string | undefined)[];
  readonly filled: readonly string[];
}

const anyCluster: fc.Arbitrary<Cluster> = fc.record({
  targets: fc.tuple(...ROUTES.map(() => fc.option(fc.constantFrom(...POOLS), { nil: undefined }))),
  filled: fc.subarray(POOLS),
});

const policiesOf = ({ targets }: Cluster): readonly L7Policy[] =>
  ROUTES.flatMap(({ host, path }, index): readonly L7Policy[] => {
    const redirectPool = targets[index];
    if (redirectPool === undefined) return [];
    const rules = [hostRule(host), ...(path === '/' ? [] : [prefixPathRule(path)])];
    const key = pathKey(host, 'Prefix', path);
    return [{ key, action: 'REDIRECT_TO_POOL', redirectPool, enabled: true, rules, source: SOURCE }];
  });

const poolsOf = ({ targets, filled }: Cluster): readonly Pool[] =>
  POOLS.filter((name) => targets.includes(name)).map((name) => {
    const members = filled.includes(name) ? [MEMBER] : [];
    return { name, protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members, source: SOURCE };
  });

/** Every state from the given one to what is wanted of the cluster while pools wait. */
function statesTo(cluster: Cluster, from: ObservedRouter, waiting: readonly string[]): readonly ObservedRouter[] {
  const holds = { pools: new Set(waiting), policies: new Set<string>() };
  const pools = poolsOf(cluster).filter(({ name }) => !holds.pools.has(name));
  const states = [from];
  for (const change of plan(holdRoutes(policiesOf(cluster), pools, [LISTENER], from, holds), from, RULE_BY_RULE)) {
    states.push(applyChange(states.at(-1) ?? from, change));
  }
  return states;
}

function answer(router: ObservedRouter, request: RouteRequest): string {
  const { pool } = route(router, LISTENER.key, request);
  const members = router.pools.find(({ name }) => name === pool)?.members ?? [];
  return members.length === 0 ? 'nobody' : String(pool);
}

/** The pools of the routes whose host and path are those of the request; while the longest waits, a shorter one has it. */
function poolsFor({ targets }: Cluster, request: RouteRequest): readonly (string | undefined)[] {
  return targets.filter((_, index) => {
    const { host, path } = ROUTES[index] ?? request;
    return host === request.host && request.path.startsWith(path);
  });
}

describe('routes, where a process is killed at any write and some pools have to wait after that', () => {
  it('get only requests that they are for', () => {
    const later = fc.record({ cluster: anyCluster, waiting: fc.subarray(POOLS), writes: fc.nat({ max: 30 }) });
    fc.assert(
      fc.property(fc.array(later, { minLength: 2, maxLength: 4 }), (attempts) => {
        let observed = emptyRouter([LISTENER]);
        for (const { cluster, waiting, writes } of attempts) {
          const states = statesTo(cluster, observed, waiting);
          for (const request of ROUTES) {
            const meant = new Set(attempts.flatMap((attempt) => poolsFor(attempt.cluster, request)));
            const answers = states.map((state) => answer(state, request));
            expect(answers.filter((pool) => pool !== 'nobody' && !meant.has(pool))).toEqual([]);
          }
          observed = states[Math.min(writes, states.length - 1)] ?? observed;
        }
      }),
      { numRuns: 300 },
    );
  });
});
