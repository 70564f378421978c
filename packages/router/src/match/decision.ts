import type { L7Policy, L7PolicyAction } from '../model.js';
import type { RouteRequest } from './request.js';

/** What a router does with a request. */
export interface Decision {
  /** The policy that takes the request; absent where none does, which is answered with 404. */
  readonly policy?: L7Policy;
  readonly action: L7PolicyAction;
  /** Name of the pool that gets it; for REDIRECT_TO_POOL. */
  readonly pool?: string;
  /** Status of the router's own answer; for all actions but REDIRECT_TO_POOL. */
  readonly statusCode?: number;
  /** For the two redirects. */
  readonly location?: string;
}

/** Octavia's, and HAProxy's, where a redirect names no code. */
const DEFAULT_REDIRECT_CODE = 302;

const NOT_FOUND: Decision = { action: 'FIXED_RESPONSE', statusCode: 404 };

/** What a policy does with a request that it matches; without a policy, 404. */
export function decide(policy: L7Policy | undefined, request: RouteRequest): Decision {
  if (policy === undefined) return NOT_FOUND;
  const { action } = policy;
  switch (action) {
    case 'REJECT':
      return { policy, action, statusCode: 403 };
    case 'FIXED_RESPONSE':
      return { policy, action, statusCode: policy.statusCode ?? 404 };
    case 'REDIRECT_TO_POOL':
      return { policy, action, ...(policy.redirectPool !== undefined && { pool: policy.redirectPool }) };
    case 'REDIRECT_TO_URL':
      return redirect(policy, policy.redirectUrl ?? '');
    case 'REDIRECT_PREFIX':
      return redirect(policy, `${policy.redirectPrefix ?? ''}${request.path}${request.query ?? ''}`);
  }
}

function redirect(policy: L7Policy, location: string): Decision {
  const statusCode = policy.redirectHttpCode ?? DEFAULT_REDIRECT_CODE;
  return { policy, action: policy.action, statusCode, location };
}
