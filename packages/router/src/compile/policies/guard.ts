import type { RouterCapabilities } from '../../capabilities.js';
import type { L7Policy } from '../../model.js';
import { parentOf } from '../../policy-shape.js';
import type { Problem } from '../../problem.js';
import { rulesOfHost } from '../translate/translate-ingress.js';
import { type HostRoutes, sourceOf } from './host-routes.js';
import type { PolicyAction } from './resolve-backend.js';

/** What takes the requests for a host that none of its paths takes, so that no less specific host gets them. */
export interface Guard {
  readonly policy?: L7Policy;
  readonly problem?: Problem;
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

/** Where a guard leads: to the router-wide default backend, else to a 404. Undefined where the router has neither. */
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

export function guardHost(host: string, routes: HostRoutes, action: PolicyAction | undefined): Guard {
  if (action === undefined) {
    const message = `Requests for host ${host} that none of its paths takes would get 404, which this router cannot answer by itself; a wildcard host or rules without host take them. Give the Ingress a default backend, or ask the administrator for a pool that answers 404.`;
    return { problem: { reason: 'RouterCannotExpress', field: 'spec.rules', message } };
  }
  const source = sourceOf(routes.oldest);
  return { policy: { key: `${host}|NotFound|`, ...action, enabled: true, rules: rulesOfHost(host), source } };
}
