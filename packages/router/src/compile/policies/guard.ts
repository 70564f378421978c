import type { RouterCapabilities } from '../../capabilities.js';
import type { PoolRequest } from '../../compilation.js';
import type { L7Policy } from '../../model.js';
import { guardKey } from '../../policy-key.js';
import { parentOf } from '../../policy-shape.js';
import { rulesOfHost } from '../translate/translate-ingress.js';
import { type HostRoutes, sourceOf } from './host-routes.js';
import { type PolicyAction, unavailable } from './resolve-backend.js';

/** What takes the requests for a host that none of its paths takes, so that no less specific host gets them. */
export interface Guard {
  readonly policy: L7Policy;
  /** Those that only the guard leads to: none, or one that stays empty. */
  readonly pools: ReadonlyMap<string, PoolRequest>;
}

/**
 * The most specific host that any rule names decides about a request (virtual hosts). Routers know no such thing: a request
 * that no policy of `a.example.com` takes goes on to those of `*.example.com` and of any host. So where there are such
 * policies, and only there because each one costs writes, the host gets a last policy of its own.
 */
export function needsGuard(
  host: string,
  routes: HostRoutes,
  routesOf: (host: string) => HostRoutes | undefined,
): boolean {
  if (routes.complete || host === '') return false;
  const parent = host.startsWith('*.') ? undefined : parentOf(host);
  return hasPolicies(routesOf('')) || (parent !== undefined && hasPolicies(routesOf(`*.${parent}`)));
}

function hasPolicies(routes: HostRoutes | undefined): boolean {
  return routes !== undefined && routes.policies.length > 0;
}

/** Where all guards lead: to the router-wide default backend, else to a 404. Undefined where the router has neither. */
export function guardAction(
  routerDefault: L7Policy | undefined,
  capabilities: RouterCapabilities,
): PolicyAction | undefined {
  if (routerDefault !== undefined) {
    const { action, redirectPool, statusCode } = routerDefault;
    return {
      action,
      ...(redirectPool !== undefined && { redirectPool }),
      ...(statusCode !== undefined && { statusCode }),
    };
  }
  if (capabilities.actions.includes('FIXED_RESPONSE')) return { action: 'FIXED_RESPONSE', statusCode: 404 };
  const { notFoundPool } = capabilities;
  return notFoundPool === undefined ? undefined : { action: 'REDIRECT_TO_POOL', redirectPool: notFoundPool };
}

/**
 * @param action of {@link guardAction}; where there is none, the guard leads to the empty pool of its namespace, which
 *   answers 503 as the router itself does where no policy matches
 */
export function guardHost(
  host: string,
  routes: HostRoutes,
  action: PolicyAction | undefined,
  capabilities: RouterCapabilities,
): Guard {
  const target = action === undefined ? unavailable(routes.oldest.namespace, capabilities) : { action };
  const source = sourceOf(routes.oldest);
  return {
    policy: { key: guardKey(host), ...target.action, enabled: true, rules: rulesOfHost(host), source },
    pools: new Map(target.pool === undefined ? [] : [[target.pool.name, target.pool]]),
  };
}
