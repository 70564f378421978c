import type { RouterCapabilities } from '../../capabilities.js';
import type { L7Policy } from '../../model.js';

/**
 * The policy as this router can have it: where it has no FIXED_RESPONSE, a 404 is given by the pool named for that.
 * Anything else stays as it is, for the router to refuse with its own reason.
 */
export function withNotFoundPool(policy: L7Policy, capabilities: RouterCapabilities): L7Policy {
  const { notFoundPool, actions } = capabilities;
  if (policy.action !== 'FIXED_RESPONSE' || policy.statusCode !== 404) return policy;
  if (notFoundPool === undefined || actions.includes('FIXED_RESPONSE')) return policy;
  const { statusCode: _answeredByPool, ...rest } = policy;
  return { ...rest, action: 'REDIRECT_TO_POOL', redirectPool: notFoundPool };
}
