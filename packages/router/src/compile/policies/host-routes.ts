import type { RouterCapabilities } from '../../capabilities.js';
import type { PoolRequest } from '../../compilation.js';
import type { ObjectKey } from '../../kubernetes.js';
import type { L7Policy, L7Rule, Source } from '../../model.js';
import { hostDefaultKey, ROUTER_DEFAULT_KEY } from '../../policy-key.js';
import { comparePolicyRank } from '../../policy-order.js';
import type { Problem } from '../../problem.js';
import { everyPathRule } from '../../rule-forms.js';
import type { IngressIdentity } from '../hosts/ingress-identity.js';
import type { SettledHost } from '../hosts/settle-host.js';
import { keep } from '../same.js';
import type { BackendReference } from '../translate/backend-reference.js';
import { rulesOfHost } from '../translate/translate-ingress.js';
import { resolveBackend, type ServicesByKey, type Target } from './resolve-backend.js';
import type { ServiceFacts } from './service-facts.js';

/** What came of one Ingress on one host. */
export interface Finding {
  /** Where its paths and its default backend lead; one may occur several times. */
  readonly pools: readonly string[];
  readonly problems: readonly Problem[];
}

/** What a policy of a host is made from. */
interface Route {
  readonly key: string;
  readonly ingress: IngressIdentity;
  readonly backend: BackendReference;
  readonly rules: readonly L7Rule[];
}

interface CompiledRoute extends Route {
  readonly facts: ServiceFacts | undefined;
  readonly target: Target;
  readonly policy: L7Policy;
}

/** The policies of one host, or of the router-wide default, and what they came from. */
export interface HostRoutes {
  readonly oldest: IngressIdentity;
  /** In order of evaluation. */
  readonly policies: readonly L7Policy[];
  /** The same by policy key, with what they were made from. */
  readonly compiled: ReadonlyMap<string, CompiledRoute>;
  /** They take every request for the host. */
  readonly complete: boolean;
  readonly pools: ReadonlyMap<string, PoolRequest>;
  /** Services that decide about these routes, existing or not. */
  readonly services: ReadonlySet<ObjectKey>;
  /** Of every Ingress that asks for the host. */
  readonly findings: ReadonlyMap<ObjectKey, Finding>;
}

/** Stage 4: the policies of a host, in order. Those that are as they were are the same objects as in `previous`. */
export function routeHost(
  settled: SettledHost,
  services: ServicesByKey,
  capabilities: RouterCapabilities,
  previous: HostRoutes | undefined,
): HostRoutes {
  const { routes, complete } = routesInOrder(settled);
  const compiled = new Map<string, CompiledRoute>();
  const pools = new Map<string, PoolRequest>();
  const wanted = new Set<ObjectKey>();
  const findings = new Map<ObjectKey, { readonly pools: string[]; readonly problems: Problem[] }>();
  for (const [key, problems] of settled.problems) findings.set(key, { pools: [], problems: [...problems] });

  const policies = routes.map((route) => {
    const current = compileRoute(route, services, capabilities, previous?.compiled.get(route.key));
    const { pool, problem } = current.target;
    const finding = findings.get(route.ingress.key);
    compiled.set(route.key, current);
    if (route.backend.kind === 'service') wanted.add(route.backend.service);
    if (pool !== undefined) {
      pools.set(pool.name, pool);
      finding?.pools.push(pool.name);
    }
    if (problem !== undefined) finding?.problems.push(problem);
    return current.policy;
  });
  return { oldest: settled.oldest, policies, compiled, complete, pools, services: wanted, findings };
}

/** Exact, then the longest Prefix, then the default backend, unless Prefix `/` takes the rest already. */
function routesInOrder({ host, paths, defaultBackend }: SettledHost): {
  readonly routes: readonly Route[];
  readonly complete: boolean;
} {
  const inOrder = [...paths].sort((a, b) => comparePolicyRank(a.path.rank, b.path.rank));
  const routes: Route[] = inOrder.map(({ ingress, path: { key, backend, rules } }) => ({
    key,
    ingress,
    backend,
    rules,
  }));
  if (inOrder.at(-1)?.path.rank.kind === 2) return { routes, complete: true };
  if (defaultBackend === undefined) return { routes, complete: false };
  const ofRouter = host === ROUTER_DEFAULT_KEY;
  routes.push({
    ...defaultBackend,
    key: ofRouter ? ROUTER_DEFAULT_KEY : hostDefaultKey(host),
    rules: ofRouter ? [everyPathRule()] : rulesOfHost(host),
  });
  return { routes, complete: true };
}

/** Mostly `last` itself: one change on a host with thousands of paths leaves the others as they were. */
function compileRoute(
  route: Route,
  services: ServicesByKey,
  capabilities: RouterCapabilities,
  last: CompiledRoute | undefined,
): CompiledRoute {
  const { key, ingress, backend, rules } = route;
  const facts = backend.kind === 'service' ? services.get(backend.service) : undefined;
  // A reference is read from one Ingress, anew whenever its claim changes: the same one says that all of the route is.
  if (last?.backend === backend && last.facts === facts) return last;
  const target = resolveBackend(backend, services, capabilities);
  const policy: L7Policy = { key, ...target.action, enabled: true, rules, source: sourceOf(ingress) };
  return { ...route, facts, target, policy: keep(last?.policy, policy) };
}

export function sourceOf({ namespace, name }: IngressIdentity): Source {
  return { kind: 'Ingress', namespace, name };
}
