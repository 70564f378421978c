import type { Change } from '../../change.js';
import type { HealthMonitor } from '../../model.js';

/** Octavia changes everything of a health monitor in place but its type. */
export function planHealthMonitor(
  pool: string,
  current: HealthMonitor | undefined,
  wanted: HealthMonitor | undefined,
): Change[] {
  if (current === wanted) return [];
  if (wanted === undefined) return [{ type: 'deleteHealthMonitor', pool }];
  const set: Change = { type: 'setHealthMonitor', pool, healthMonitor: wanted };
  if (current === undefined) return [set];
  if (current.type !== wanted.type) return [{ type: 'deleteHealthMonitor', pool }, set];
  return sameSettings(current, wanted) ? [] : [set];
}

function sameSettings(a: HealthMonitor, b: HealthMonitor): boolean {
  return (
    a.delay === b.delay &&
    a.timeout === b.timeout &&
    a.maxRetries === b.maxRetries &&
    a.maxRetriesDown === b.maxRetriesDown &&
    a.httpMethod === b.httpMethod &&
    a.urlPath === b.urlPath &&
    a.expectedCodes === b.expectedCodes
  );
}
