import type { L7PolicyAction } from './model.js';

/**
 * When a policy is evaluated, before its position counts: HAProxy, and so Octavia, first goes through all REJECT
 * policies, then all redirects to URLs, then all that send to a pool (Octavia documentation, `l7.rst`; verified with
 * traffic). Positions order policies within one class only. FIXED_RESPONSE, which is ours, is among those of pools.
 */
export type ActionClass = 0 | 1 | 2;

const CLASS_OF: Readonly<Record<L7PolicyAction, ActionClass>> = {
  REJECT: 0,
  REDIRECT_TO_URL: 1,
  REDIRECT_PREFIX: 1,
  REDIRECT_TO_POOL: 2,
  FIXED_RESPONSE: 2,
};

export function actionClass(action: L7PolicyAction): ActionClass {
  return CLASS_OF[action];
}
