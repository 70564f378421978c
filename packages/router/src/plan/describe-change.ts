import type { Change, L7PolicyPatch } from '../change.js';
import type { L7Policy, L7Rule, Member, Source } from '../model.js';

/** One line for logs and for the `plan` command, e.g. `create l7policy www.example.com|Prefix|/ -> pool default_deploy1 at position 3 on HTTP:80`. */
export function describeChange(change: Change): string {
  switch (change.type) {
    case 'createPool':
      return `create pool ${change.pool.name}${withMembers(change.pool.members)}`;
    case 'updatePool':
      return `update pool ${change.pool.name}: ${change.pool.lbAlgorithm}, ${describeSource(change.pool.source)}`;
    case 'deletePool':
      return `delete pool ${change.pool}`;
    case 'setMembers':
      return `set ${count(change.members)} of pool ${change.pool}`;
    case 'setHealthMonitor':
      return `set ${change.healthMonitor.type} health monitor of pool ${change.pool}`;
    case 'deleteHealthMonitor':
      return `delete health monitor of pool ${change.pool}`;
    default:
      return `${describePolicyChange(change)} on ${change.listener}`;
  }
}

function describePolicyChange(change: Extract<Change, { readonly listener: string }>): string {
  switch (change.type) {
    case 'createPolicy': {
      const { key, enabled } = change.policy;
      return `create l7policy ${key} -> ${target(change.policy)}${at(change.position)}${enabled ? '' : ', disabled'}`;
    }
    case 'updatePolicy':
      return `update l7policy ${change.policy}${describePatch(change.patch)}${at(change.position)}`;
    case 'deletePolicy':
      return `delete l7policy ${change.policy}`;
    case 'createRule':
      return `create l7rule ${describeRule(change.rule)} of l7policy ${change.policy}`;
    case 'updateRule':
      return `update l7rule ${describeRule(change.from)} to ${describeRule(change.to)} of l7policy ${change.policy}`;
    case 'deleteRule':
      return `delete l7rule ${describeRule(change.rule)} of l7policy ${change.policy}`;
  }
}

function target(policy: L7PolicyPatch & Pick<L7Policy, 'action'>): string {
  const code = policy.redirectHttpCode === undefined ? '' : ` ${policy.redirectHttpCode}`;
  switch (policy.action) {
    case 'REJECT':
      return 'reject';
    case 'REDIRECT_TO_POOL':
      return `pool ${policy.redirectPool}`;
    case 'REDIRECT_TO_URL':
      return `redirect${code} to ${policy.redirectUrl}`;
    case 'REDIRECT_PREFIX':
      return `redirect${code} to prefix ${policy.redirectPrefix}`;
    case 'FIXED_RESPONSE':
      return `status ${policy.statusCode}`;
  }
}

function describePatch({ action, enabled, source, ...fields }: L7PolicyPatch): string {
  const parts = [
    ...(action === undefined ? [] : [`-> ${target({ ...fields, action })}`]),
    ...(enabled === undefined ? [] : [enabled ? 'enabled' : 'disabled']),
    ...(source === undefined ? [] : [`for ${describeSource(source)}`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function describeRule({ type, key, compareType, value, invert }: L7Rule): string {
  return [type, ...(key === undefined ? [] : [key]), ...(invert ? ['NOT'] : []), compareType, value].join(' ');
}

function describeSource({ kind, namespace, name }: Source): string {
  return `${kind} ${namespace}/${name}`;
}

function at(position: number | undefined): string {
  return position === undefined ? '' : ` at position ${position}`;
}

function withMembers(members: readonly Member[]): string {
  return members.length === 0 ? '' : ` with ${count(members)}`;
}

function count(members: readonly Member[]): string {
  return members.length === 1 ? '1 member' : `${members.length} members`;
}
