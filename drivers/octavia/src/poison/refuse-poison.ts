import { RouterRefusedError } from '@kuryr-l7/plugin';
import { type Change, describeChange } from '@kuryr-l7/router';
import { refuse } from './fact.js';
import { HEALTH_MONITOR_FACTS, MEMBER_FACTS } from './pool-facts.js';
import { REDIRECT_FACTS } from './redirect-facts.js';
import { RULE_FACTS } from './rule-facts.js';

/**
 * Refuses a change that would poison the load balancer. Octavia goes on rendering what is in ERROR, so one value that its
 * HAProxy does not take fails every later change of everybody on that load balancer (measured).
 *
 * @throws RouterRefusedError
 */
export function refusePoison(change: Change): void {
  const object = `"${describeChange(change)}"`;
  switch (change.type) {
    case 'createPolicy':
      refuseFixedResponse(change.policy.action, object);
      refuse(REDIRECT_FACTS, change.policy, object);
      break;
    case 'updatePolicy':
      refuseFixedResponse(change.patch.action, object);
      refuse(REDIRECT_FACTS, change.patch, object);
      break;
    case 'createRule':
      refuse(RULE_FACTS, change.rule, object);
      break;
    case 'updateRule':
      refuse(RULE_FACTS, change.to, object);
      break;
    case 'setMembers':
      for (const member of change.members) {
        refuse(MEMBER_FACTS, member, `member ${member.address} port ${member.port} of pool ${change.pool}`);
      }
      break;
    case 'setHealthMonitor':
      refuse(HEALTH_MONITOR_FACTS, change.healthMonitor, object);
      break;
    default:
  }
}

function refuseFixedResponse(action: string | undefined, object: string): void {
  if (action !== 'FIXED_RESPONSE') return;
  throw new RouterRefusedError(
    `${object} is not sent to Octavia: it can't answer by itself; name a pool that answers 404 in [octavia] not_found_pool`,
  );
}
