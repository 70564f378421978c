import { ApiFault } from '../http/api-fault.js';
import { invalidArguments } from './l7-faults.js';
import type { L7Policy } from './objects.js';

/** The fields of a policy that say what it does. */
export type PolicyAction = Pick<
  L7Policy,
  'action' | 'redirect_pool_id' | 'redirect_url' | 'redirect_prefix' | 'redirect_http_code'
>;

/** Some of them, as a request gives them. */
export type GivenAction = { readonly [K in keyof PolicyAction]?: PolicyAction[K] | null };

const DEFAULT_REDIRECT_CODE = 302;

/**
 * What a request makes of a policy's action: the fields that a new action does not use become null, and a redirect field
 * alone changes the action silently (a `redirect_url` given to a REDIRECT_PREFIX policy makes it REDIRECT_TO_URL).
 * @throws ApiFault 400
 */
export function resolveAction(given: GivenAction, before?: PolicyAction): PolicyAction {
  requireTarget(given);
  const action = impliedAction(given) ?? given.action ?? before?.action;
  if (action === undefined) throw new ApiFault(400, 'Invalid L7 Policy action specified: None');
  const url = value(given, before, 'redirect_url');
  const prefix = value(given, before, 'redirect_prefix');
  const code = value(given, before, 'redirect_http_code');
  return {
    action,
    redirect_pool_id: action === 'REDIRECT_TO_POOL' ? value(given, before, 'redirect_pool_id') : null,
    redirect_url: action === 'REDIRECT_TO_URL' ? url : null,
    redirect_prefix: action === 'REDIRECT_PREFIX' ? prefix : null,
    redirect_http_code:
      action.startsWith('REDIRECT_') && action !== 'REDIRECT_TO_POOL' ? (code ?? DEFAULT_REDIRECT_CODE) : null,
  };
}

function requireTarget(given: GivenAction): void {
  const { action, redirect_pool_id: pool, redirect_url: url, redirect_prefix: prefix } = given;
  if (action === 'REDIRECT_TO_URL' && !url) throw invalidArguments('redirect_url must not be None');
  if (action === 'REDIRECT_PREFIX' && !prefix) throw invalidArguments('redirect_prefix must not be None');
  if (action === 'REDIRECT_TO_POOL' && !pool) {
    throw invalidArguments('redirect_pool_id or redirect_pool must not be None');
  }
  if (pool && ((url && action !== 'REDIRECT_TO_POOL') || prefix)) {
    throw invalidArguments('Cannot specify redirect_pool_id and redirect_url or redirect_prefix at the same time');
  }
}

/** The field given last in Octavia's order of checks decides, whatever `action` says. */
function impliedAction({ action, redirect_pool_id, redirect_url, redirect_prefix }: GivenAction): string | undefined {
  if (action === 'REJECT') return redirect_prefix ? 'REDIRECT_PREFIX' : 'REJECT';
  if (redirect_prefix && !redirect_url) return 'REDIRECT_PREFIX';
  if (redirect_url && action !== 'REDIRECT_TO_POOL') return 'REDIRECT_TO_URL';
  if (redirect_pool_id) return 'REDIRECT_TO_POOL';
  return undefined;
}

function value<K extends keyof PolicyAction>(
  given: GivenAction,
  before: PolicyAction | undefined,
  field: K,
): PolicyAction[K] | null {
  const named = given[field];
  return named === undefined ? (before?.[field] ?? null) : named;
}
