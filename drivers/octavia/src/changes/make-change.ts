import type { Change } from '@kuryr-l7/router';
import { deleteHealthMonitor, setHealthMonitor } from './health-monitor-changes.js';
import { setMembers } from './member-changes.js';
import { createPolicy, deletePolicy, updatePolicy } from './policy-changes.js';
import { createPool, deletePool, updatePool } from './pool-changes.js';
import { createRule, deleteRule, updateRule } from './rule-changes.js';
import type { WriteContext } from './write-context.js';

/**
 * Makes one planned change with one write (a health monitor in ERROR, or of another type, takes two), or none where it is
 * made already, and returns when it is in effect.
 *
 * @throws KuryrError as the driver interface says
 */
export function makeChange(context: WriteContext, change: Change, signal: AbortSignal): Promise<void> {
  switch (change.type) {
    case 'createPolicy':
      return createPolicy(context, change, signal);
    case 'updatePolicy':
      return updatePolicy(context, change, signal);
    case 'deletePolicy':
      return deletePolicy(context, change, signal);
    case 'createRule':
      return createRule(context, change, signal);
    case 'updateRule':
      return updateRule(context, change, signal);
    case 'deleteRule':
      return deleteRule(context, change, signal);
    case 'createPool':
      return createPool(context, change, signal);
    case 'updatePool':
      return updatePool(context, change, signal);
    case 'deletePool':
      return deletePool(context, change, signal);
    case 'setMembers':
      return setMembers(context, change, signal);
    case 'setHealthMonitor':
      return setHealthMonitor(context, change, signal);
    case 'deleteHealthMonitor':
      return deleteHealthMonitor(context, change, signal);
  }
}
