import { actionClass } from './action-class.js';
import type { L7Policy } from './model.js';
import { policyShape, shapesOverlap } from './policy-shape.js';

/** The key of the policy that takes what no host's policies take. */
export const ROUTER_DEFAULT_KEY = '|RouterDefault|';

/**
 * Where a policy stands among those of its listener: by band, then host, then rank. Exact hosts come before wildcards,
 * those before policies for any host, and the router-wide default last; within a host, Exact paths before Prefixes, longer
 * Prefixes before shorter ones, and what takes the rest of the host last.
 */
export interface PolicyOrder {
  /** 0 exact host, 1 wildcard host, 2 any host, 3 router-wide default. */
  readonly band: 0 | 1 | 2 | 3;
  /** `www.example.com`, `*.example.com`, or '' for any host. */
  readonly host: string;
  readonly rank: PolicyRank;
}

/** Place within the host. */
export interface PolicyRank {
  /** 0 Exact, 1 Prefix, 2 the rest of the host. */
  readonly kind: 0 | 1 | 2;
  /** '' for the rest of the host. */
  readonly path: string;
}

export function policyOrder(policy: L7Policy): PolicyOrder {
  const { host, path } = policyShape(policy);
  const rank: PolicyRank =
    path === undefined ? { kind: 2, path: '' } : { kind: path.kind === 'exact' ? 0 : 1, path: path.path };
  if (policy.key === ROUTER_DEFAULT_KEY) return { band: 3, host: '', rank };
  if (host === undefined) return { band: 2, host: '', rank };
  return host.kind === 'exact' ? { band: 0, host: host.host, rank } : { band: 1, host: `*.${host.parent}`, rank };
}

/** Negative: `a` comes first. Zero only for the same host, kind of path and path. */
export function comparePolicyOrder(a: PolicyOrder, b: PolicyOrder): number {
  return a.band - b.band || compareText(a.host, b.host) || comparePolicyRank(a.rank, b.rank);
}

export function comparePolicyRank(a: PolicyRank, b: PolicyRank): number {
  const byLength = a.kind === 1 ? b.path.length - a.path.length : 0;
  return a.kind - b.kind || byLength || compareText(a.path, b.path);
}

/** By UTF-16 code units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Does the order of two policies of one listener matter: is there a request that both match, and are they of the same
 * action class? Exact for policies of our forms; where a rule is of another form, it says yes rather than no.
 */
export function policiesConflict(a: L7Policy, b: L7Policy): boolean {
  return actionClass(a.action) === actionClass(b.action) && shapesOverlap(policyShape(a), policyShape(b));
}
