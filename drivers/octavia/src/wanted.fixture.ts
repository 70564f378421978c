import {
  hostRule,
  type L7Policy,
  type Member,
  type Pool,
  prefixPathRule,
  type Router,
  type Source,
} from '@kuryr-l7/router';

export const SOURCE: Source = { kind: 'Ingress', namespace: 'shop', name: 'web' };
export const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

export function member(address: string, changes: Partial<Member> = {}): Member {
  return { address, port: 8080, weight: 1, backup: false, ...changes };
}

export function pool(name: string, changes: Partial<Pool> = {}): Pool {
  return { name, protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members: [], source: SOURCE, ...changes };
}

/** A policy for a host, and for a path below it where one is given. */
export function policy(host: string, redirectPool: string, path?: string): L7Policy {
  return {
    key: `${host}|Prefix|${path ?? '/'}`,
    action: 'REDIRECT_TO_POOL',
    redirectPool,
    enabled: true,
    rules: [hostRule(host), ...(path === undefined ? [] : [prefixPathRule(path)])],
    source: SOURCE,
  };
}

export function wanted(policies: readonly L7Policy[], pools: readonly Pool[]): Router {
  return { listeners: [{ ...LISTENER, policies }], pools };
}

/** One host with a path of its own and all the rest, and a pool for each. */
export function shop(): Router {
  return wanted(
    [policy('a.example', 'deep', '/deep'), policy('a.example', 'web')],
    [
      pool('deep', { members: [member('10.1.0.1')] }),
      pool('web', { members: [member('10.1.0.2'), member('10.1.0.3', { weight: 5 })] }),
    ],
  );
}
