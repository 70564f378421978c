import {
  compareText,
  everyPathRule,
  exactPathRule,
  hostRule,
  inPolicyOrder,
  type L7Policy,
  type L7Rule,
  type ListenerIdentity,
  type Member,
  type Pool,
  prefixPathRule,
  type Router,
  type Source,
} from '@kuryr-l7/router';
import type { Backend } from './backend.js';

const SOURCE: Source = { kind: 'Ingress', namespace: 'conformance', name: 'conformance' };

/** What a policy is for: the hosts and paths of an Ingress, and further rules. */
export interface Route {
  readonly host?: string;
  /** Exact path. */
  readonly exact?: string;
  /** Prefix path. */
  readonly prefix?: string;
  readonly rules?: readonly L7Rule[];
  /** Tells apart policies for the same host and path. */
  readonly name?: string;
}

/** Rules, key and place of a policy; what it does is added by the caller. */
export function policy(route: Route, does: Partial<L7Policy> & Pick<L7Policy, 'action'>): L7Policy {
  const { host, exact, prefix, rules = [], name = '' } = route;
  const written = [
    ...(host === undefined ? [] : [hostRule(host)]),
    ...(exact === undefined ? [] : [exactPathRule(exact)]),
    ...(prefix === undefined || prefix === '/' ? [] : [prefixPathRule(prefix)]),
    ...rules,
  ];
  return {
    key: `${host ?? ''}|${exact === undefined ? 'Prefix' : 'Exact'}|${exact ?? prefix ?? '/'}${name}`,
    enabled: true,
    rules: written.length === 0 ? [everyPathRule()] : written,
    source: SOURCE,
    ...does,
  };
}

/** A policy that sends to a pool. */
export function sendTo(redirectPool: string, route: Route): L7Policy {
  return policy(route, { action: 'REDIRECT_TO_POOL', redirectPool });
}

export function member(backend: Backend, settings: Partial<Member> = {}): Member {
  return { address: backend.address, port: backend.port, weight: 1, backup: false, ...settings };
}

export function pool(name: string, members: readonly Member[], settings: Partial<Pool> = {}): Pool {
  const sorted = [...members].sort((a, b) => compareText(a.address, b.address) || a.port - b.port);
  return { name, protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members: sorted, source: SOURCE, ...settings };
}

/** A desired router with the same policies on each listener, in the order in which the planner wants them. */
export function desired(
  listeners: readonly ListenerIdentity[],
  policies: readonly L7Policy[],
  pools: readonly Pool[],
): Router {
  const ordered = inPolicyOrder(policies).map(({ policy }) => policy);
  return {
    listeners: listeners.map((listener) => ({ ...listener, policies: ordered })),
    pools: pools.toSorted((a, b) => compareText(a.name, b.name)),
  };
}
