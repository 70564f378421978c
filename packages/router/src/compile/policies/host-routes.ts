import type { RouterCapabilities } from '../../capabilities.js';
import type { PoolRequest } from '../../compilation.js';
import type { ObjectKey } from '../../kubernetes.js';
import type { L7Policy, L7Rule, Source } from '../../model.js';
import { comparePolicyRank, ROUTER_DEFAULT_KEY } from '../../policy-order.js';
import type { Problem } from '../../problem.js';
import { everyPathRule } from '../../rule-forms.js';
import type { IngressIdentity } from '../hosts/ingress-identity.js';
import type { SettledHost } from '../hosts/settle-host.js';
import { keep } from '../same.js';
import type { BackendReference } from '../translate/backend-reference.js';
import { rulesOfHost } from '../translate/translate-ingress.js';
import { type PolicyAction, resolveBackend, type ServicesByKey } from './resolve-backend.js';

/** What came of one Ingress on one host. */
export interface Finding {
  /** Where its paths and its default backend lead; one may occur several times. */
  readonly pools: readonly string[];
  readonly problems: readonly Problem[];
}

/** The policies of one host, or of the router-wide default, and what they came from. */
export interface HostRoutes {
  readonly oldest: IngressIdentity;
  /** In order of evaluation. */
  readonly policies: readonly L7Policy[];
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
  const { host, oldest, paths, defaultBackend } = settled;
  const before = new Map(previous?.policies.map((policy) => [policy.key, policy]));
  const pools = new Map<string, PoolRequest>();
  const wanted = new Set<ObjectKey>();
  const findings = new Map<ObjectKey, { readonly pools: string[]; readonly problems: Problem[] }>();
  for (const [key, problems] of settled.problems) findings.set(key, { pools: [], problems: [...problems] });

  const lead = (ingress: IngressIdentity, backend: BackendReference): PolicyAction => {
    const target = resolveBackend(backend, services, capabilities);
    const finding = findings.get(ingress.key);
    if (backend.kind === 'service') wanted.add(backend.service);
    if (target.pool !== undefined) {
      pools.set(target.pool.name, target.pool);
      finding?.pools.push(target.pool.name);
    }
    if (target.problem !== undefined) finding?.problems.push(target.problem);
    return target.action;
  };
  const policy = (key: string, action: PolicyAction, rules: readonly L7Rule[], ingress: IngressIdentity): L7Policy =>
    keep(before.get(key), { key, ...action, enabled: true, rules, source: sourceOf(ingress) });

  const inOrder = [...paths].sort((a, b) => comparePolicyRank(a.path.rank, b.path.rank));
  const policies = inOrder.map(({ ingress, path }) =>
    policy(path.key, lead(ingress, path.backend), path.rules, ingress),
  );
  let complete = inOrder.at(-1)?.path.rank.kind === 2;
  if (defaultBackend !== undefined && !complete) {
    const { ingress, backend } = defaultBackend;
    const [key, rules] =
      host === ROUTER_DEFAULT_KEY ? [host, [everyPathRule()]] : [`${host}|Default|`, rulesOfHost(host)];
    policies.push(policy(key, lead(ingress, backend), rules, ingress));
    complete = true;
  }
  return { oldest, policies, complete, pools, services: wanted, findings };
}

export function sourceOf({ namespace, name }: IngressIdentity): Source {
  return { kind: 'Ingress', namespace, name };
}
