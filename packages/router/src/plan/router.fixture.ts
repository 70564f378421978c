import fc from 'fast-check';
import type { RouteRequest } from '../match/request.js';
import { route } from '../match/route.js';
import type {
  HealthMonitor,
  L7Policy,
  L7Rule,
  Member,
  ObservedPolicy,
  ObservedPool,
  ObservedRouter,
  Pool,
  Router,
  Source,
} from '../model.js';
import { OCTAVIA } from '../octavia.fixture.js';
import { inPolicyOrder } from '../policy-order.js';
import {
  everyPathRule,
  exactPathRule,
  hostForm,
  hostRule,
  hostsRule,
  type PathForm,
  pathsRule,
  prefixPathRule,
} from '../rule-forms.js';
import { describeChange } from './describe-change.js';
import { plan } from './plan.js';

export const HTTP = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;
export const HTTPS = { key: 'TERMINATED_HTTPS:443', protocol: 'TERMINATED_HTTPS', port: 443 } as const;
export const SOURCE: Source = { kind: 'Ingress', namespace: 'default', name: 'web' };

/** The changes of a plan, in words. */
export function described(...[desired, observed, capabilities]: Parameters<typeof plan>): readonly string[] {
  return plan(desired, observed, capabilities).map(describeChange);
}

type Target = Omit<L7Policy, 'key' | 'enabled' | 'rules' | 'source'>;

/** `|Prefix|/` for any host. */
export function policy(key: string, target: Target | string, others: Partial<L7Policy> = {}): L7Policy {
  const action: Target = typeof target === 'string' ? { action: 'REDIRECT_TO_POOL', redirectPool: target } : target;
  return { key, ...action, enabled: true, rules: rulesOf(key), source: SOURCE, ...others };
}

function rulesOf(key: string): readonly L7Rule[] {
  const [host = '', type, path = ''] = key.split('|');
  const hostRules = host === '' ? [] : [hostRule(host)];
  if (type === 'Exact') return [...hostRules, exactPathRule(path)];
  if (path !== '/') return [...hostRules, prefixPathRule(path)];
  return hostRules.length > 0 ? hostRules : [everyPathRule()];
}

export function pool(name: string, members: readonly Member[] = [], others: Partial<Pool> = {}): Pool {
  return { name, protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members, source: SOURCE, ...others };
}

export function member(port: number, weight = 1): Member {
  return { address: '10.0.0.1', port, weight, backup: false };
}

export function desiredRouter(policies: readonly L7Policy[], pools: readonly Pool[] = poolsOf(policies)): Router {
  return { listeners: [{ ...HTTP, policies }], pools };
}

function poolsOf(policies: readonly L7Policy[]): readonly Pool[] {
  const names = new Set(policies.flatMap(({ redirectPool }) => redirectPool ?? []));
  return [...names].sort().map((name) => pool(name));
}

/** What `desired` looks like on a router, with the given marks; ours unless told otherwise. */
export function observedRouter(
  policies: readonly (L7Policy & Partial<ObservedPolicy>)[],
  pools: readonly (Pool & Partial<ObservedPool>)[] = poolsOf(policies),
): ObservedRouter {
  return {
    listeners: [{ ...HTTP, policies }],
    pools,
  };
}

/** What the router does with a request, told so that a 404 is a 404, whoever gives it. */
export function decisionOn(router: ObservedRouter, listener: string, request: RouteRequest): string {
  const { action, pool, statusCode, location } = route(router, listener, request);
  if (action !== 'REDIRECT_TO_POOL') return [statusCode, location].join(' ');
  return pool === OCTAVIA.notFoundPool ? '404 ' : `pool ${pool}`;
}

const HOSTS = ['a.x', 'b.x', '*.x', ''];
const PATHS = ['Exact|/a', 'Exact|/a/b', 'Prefix|/a', 'Prefix|/a/b', 'Prefix|/'];
export const KEYS: readonly string[] = HOSTS.flatMap((host) => PATHS.map((path) => `${host}|${path}`));
export const REQUESTS: readonly RouteRequest[] = ['a.x', 'b.x', 'c.x', 'y'].flatMap((host) =>
  ['/', '/a', '/a/b', '/a/c', '/d'].map((path) => ({ host, path })),
);

const poolNames = ['p1', 'p2', 'p3', 'p4'];
const ourPool = fc.constantFrom(...poolNames);
const source = fc.constantFrom<Source>(SOURCE, { ...SOURCE, name: 'other' });

const target = (pools: fc.Arbitrary<string>): fc.Arbitrary<Target> =>
  fc.oneof(
    { weight: 6, arbitrary: pools.map((redirectPool): Target => ({ action: 'REDIRECT_TO_POOL', redirectPool })) },
    { weight: 1, arbitrary: fc.constant<Target>({ action: 'REJECT' }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('https://x/', 'https://y/')
        .map((redirectUrl): Target => ({ action: 'REDIRECT_TO_URL', redirectUrl, redirectHttpCode: 301 })),
    },
  );

const member$ = fc.record({
  address: fc.constantFrom('10.0.0.1', 'fd00::1'),
  port: fc.integer({ min: 1, max: 3 }),
  weight: fc.constantFrom(0, 1, 5),
  backup: fc.boolean(),
});
const members = fc
  .uniqueArray(member$, { maxLength: 3, selector: ({ address, port }) => `${address} ${port}` })
  .map((list) => list.toSorted((a, b) => (a.address === b.address ? a.port - b.port : a.address < b.address ? -1 : 1)));
const healthMonitor = fc.record({
  type: fc.constantFrom('HTTP', 'TCP'),
  delay: fc.constantFrom(5, 10),
  timeout: fc.constant(2),
  maxRetries: fc.constant(3),
  maxRetriesDown: fc.constant(3),
}) satisfies fc.Arbitrary<HealthMonitor>;

const poolNamed = (name: string): fc.Arbitrary<Pool> =>
  fc
    .record({
      members,
      source,
      lbAlgorithm: fc.constantFrom('ROUND_ROBIN', 'SOURCE_IP'),
      monitor: fc.option(healthMonitor),
    })
    .map(({ monitor, ...others }) =>
      pool(name, [], { ...others, ...(monitor !== null && { healthMonitor: monitor }) }),
    );

const policyKeyed = (key: string): fc.Arbitrary<L7Policy> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 8, arbitrary: target(ourPool) },
        { weight: 1, arbitrary: fc.constant<Target>({ action: 'FIXED_RESPONSE', statusCode: 404 }) },
      ),
      source,
      key === '|Prefix|/' ? fc.constant(null) : fc.option(sharedRules(key), { freq: 2 }),
    )
    .map(([target, source, rules]) => policy(key, target, { source, ...(rules && { rules }) }));

/** For several hosts and paths, of which the key tells the first; as hosts and paths of an Ingress share a policy. */
const sharedRules = (key: string): fc.Arbitrary<readonly L7Rule[]> => {
  const [host = '', type, path = ''] = key.split('|');
  const hosts = host === 'a.x' || host === 'b.x' ? fc.subarray(['a.x', 'b.x', 'c.x']) : fc.constant([]);
  const first: PathForm = { kind: type === 'Exact' ? 'exact' : 'prefix', path };
  const paths = path === '/' ? fc.constant([]) : fc.subarray(SHARED_PATHS);
  return fc.tuple(hosts, paths).map(([hosts, paths]) => {
    const others = paths.filter((other) => other.kind !== first.kind || other.path !== first.path);
    return [
      ...(host === '' ? [] : [hostsRule([...new Set([host, ...hosts])].sort().map(hostForm))]),
      ...(path === '/' ? [] : [pathsRule([first, ...others])]),
    ];
  });
};

const SHARED_PATHS: PathForm[] = [
  { kind: 'exact', path: '/a' },
  { kind: 'prefix', path: '/a/b' },
  { kind: 'exact', path: '/d' },
];

const keys = fc.shuffledSubarray([...KEYS], { maxLength: 9 });

/** A wanted router with one or two listeners of the same policies, as the compiler makes it. */
const anyDesired: fc.Arbitrary<Router> = fc
  .record({
    policies: keys.chain((keys) => fc.tuple(...keys.map(policyKeyed))),
    pools: fc.tuple(...poolNames.map(poolNamed)),
    unusedPool: fc.boolean(),
  })
  .map(({ policies, pools, unusedPool }) => {
    const used = new Set(policies.map(({ redirectPool }) => redirectPool));
    const ordered = inPolicyOrder(policies).map(({ policy }) => policy);
    return {
      listeners: [HTTP, HTTPS].map((listener) => ({ ...listener, policies: ordered })),
      pools: pools.filter(({ name }) => used.has(name) || (unusedPool && name === 'p1')),
    };
  });

/** What is wanted, and which policies wait where they are disabled. */
export interface Wanted {
  readonly desired: Router;
  /** Keys. */
  readonly held: readonly string[];
}

export const anyWanted: fc.Arbitrary<Wanted> = fc.record({ desired: anyDesired, held: fc.subarray([...KEYS]) });

/**
 * The desired router where policies that wait stay as they are on the observed one, if they are disabled there: half-made,
 * or for other requests, or leading to another pool than will be wanted.
 */
export function wantedOn(observed: ObservedRouter, { desired, held }: Wanted): Router {
  const listeners = desired.listeners.map((listener) => {
    const there = observed.listeners.find(({ key }) => key === listener.key)?.policies ?? [];
    const policies = listener.policies.map((wanted) => {
      const current = there.find(({ key, foreign }) => key === wanted.key && foreign !== true);
      if (!held.includes(wanted.key) || current === undefined || current.enabled || current.failed === true)
        return wanted;
      const { foreign: _ours, id: _ofBackend, failed: _sound, ...asItIs } = current;
      return asItIs;
    });
    return { ...listener, policies: inPolicyOrder(policies).map(({ policy }) => policy) };
  });
  const used = new Set(listeners.flatMap(({ policies }) => policies.map(({ redirectPool }) => redirectPool)));
  const missing = observed.pools.filter(
    ({ name, foreign }) => foreign !== true && used.has(name) && !desired.pools.some((pool) => pool.name === name),
  );
  const kept = missing.map(({ foreign: _ours, id: _ofBackend, failed: _sound, disabled: _not, ...pool }) => pool);
  return { listeners, pools: [...desired.pools, ...kept] };
}

export interface Mess {
  /** Policies and pools of ours in ERROR. */
  readonly failed: boolean;
  /** Rules of ours gone or changed, not only those of disabled policies. */
  readonly brokenRules: boolean;
}

/**
 * Any router: policies of ours and of others in any order, disabled, half-made, pools without policies; foreign policies
 * lead to any pool.
 */
export function anyObserved({ failed, brokenRules }: Mess): fc.Arbitrary<ObservedRouter> {
  const mark = failed ? fc.boolean().map((failed) => (failed ? { failed } : {})) : fc.constant({});
  const own = (key: string): fc.Arbitrary<ObservedPolicy> =>
    fc
      .record({
        policy: policyKeyed(key).map((policy) =>
          policy.action === 'FIXED_RESPONSE' ? { ...policy, statusCode: 404 } : policy,
        ),
        mark,
        enabled: fc.boolean(),
        rules: fc.subarray([...rulesOf(key), everyPathRule()]),
        broken: fc.boolean(),
      })
      .map(({ policy, mark, enabled, rules, broken }) => ({
        ...policy,
        ...mark,
        enabled,
        rules: broken && (brokenRules || !enabled) ? rules : policy.rules,
      }));
  const foreign = fc
    .tuple(fc.constantFrom(...KEYS), target(fc.oneof(ourPool, fc.constantFrom('theirs', 'not-found'))))
    .map(([key, target]): ObservedPolicy => ({ ...policy(key, target), foreign: true, id: `foreign ${key}` }));
  const policies = fc
    .tuple(
      keys.chain((keys) => fc.tuple(...keys.map(own))),
      fc.array(foreign, { maxLength: 3 }),
    )
    .chain(([own, foreign]) => fc.shuffledSubarray([...own, ...foreign], { minLength: own.length + foreign.length }));
  const ourPools = fc.tuple(
    ...[...poolNames, 'p5'].map((name) =>
      fc
        .tuple(poolNamed(name), mark, fc.boolean())
        .map(([pool, mark, present]) => ({ pool: { ...pool, ...mark }, present })),
    ),
  );
  return fc.record({ http: policies, https: policies, ourPools }).map(({ http, https, ourPools }) => {
    const used = new Set([...http, ...https].map(({ redirectPool }) => redirectPool));
    const theirs = ['theirs', 'not-found'].map((name): ObservedPool => ({ ...pool(name, [member(9)]), foreign: true }));
    return {
      listeners: [
        { ...HTTP, policies: http },
        { ...HTTPS, policies: https },
      ],
      pools: [
        ...ourPools.filter(({ pool, present }) => present || used.has(pool.name)).map(({ pool }) => pool),
        ...theirs,
      ],
    };
  });
}
