import type { HealthMonitor, L7Policy, L7Rule, Member, Pool } from './model.js';

/** The fields of a policy that one write can change in place. */
export type L7PolicyPatch = Partial<
  Pick<
    L7Policy,
    | 'action'
    | 'redirectPool'
    | 'redirectUrl'
    | 'redirectPrefix'
    | 'redirectHttpCode'
    | 'statusCode'
    | 'enabled'
    | 'source'
  >
>;

/**
 * One planned write to a router. Objects are named by our keys (listener key, policy key, pool name, rule); the driver
 * knows which id of its backend that is, from its last snapshot and from what it has created since.
 *
 * `position` is Octavia's: 1-based among ALL policies of the listener, other people's too; absent = append.
 */
export type Change =
  /** `pool.members` and `pool.healthMonitor` are part of it only where the router has `poolWithMembers`; else they are empty here and follow. */
  | { readonly type: 'createPool'; readonly pool: Pool }
  /** Algorithm or source differ. */
  | { readonly type: 'updatePool'; readonly pool: Pool }
  | { readonly type: 'deletePool'; readonly pool: string }
  | { readonly type: 'setMembers'; readonly pool: string; readonly members: readonly Member[] }
  | { readonly type: 'setHealthMonitor'; readonly pool: string; readonly healthMonitor: HealthMonitor }
  | { readonly type: 'deleteHealthMonitor'; readonly pool: string }
  /**
   * `policy.rules` and `policy.enabled` are as they are written: without `policyWithRules`, no rules (it matches
   * nothing then), and disabled where it could take requests from others before it has all rules that follow.
   */
  | { readonly type: 'createPolicy'; readonly listener: string; readonly policy: L7Policy; readonly position?: number }
  | {
      readonly type: 'updatePolicy';
      readonly listener: string;
      readonly policy: string;
      readonly patch: L7PolicyPatch;
      readonly position?: number;
    }
  | { readonly type: 'deletePolicy'; readonly listener: string; readonly policy: string }
  | { readonly type: 'createRule'; readonly listener: string; readonly policy: string; readonly rule: L7Rule }
  | {
      readonly type: 'updateRule';
      readonly listener: string;
      readonly policy: string;
      readonly from: L7Rule;
      readonly to: L7Rule;
    }
  | { readonly type: 'deleteRule'; readonly listener: string; readonly policy: string; readonly rule: L7Rule };
