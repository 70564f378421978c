import type { L7Policy, L7Rule, Listener, LoadBalancer } from './objects.js';
import type { OctaviaState } from './octavia-state.js';
import { pcreProblem } from './regular-expressions.js';

/** What Octavia writes into haproxy.cfg for a rule's value. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** Octavia's template escapes for HTML what goes into a file that is none. */
export function htmlEscaped(value: string): string {
  return value.replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? character);
}

/** A value as HAProxy reads it: escaped for HTML, and cut where a `#` begins a comment. */
export function renderedValue(value: string): string {
  const escaped = htmlEscaped(value);
  const comment = escaped.indexOf('#');
  return comment === -1 ? escaped : escaped.slice(0, comment);
}

/** Policies that get into haproxy.cfg, in order of position: enabled ones with an enabled rule. Those in ERROR are rendered too. */
export function renderedPolicies(state: OctaviaState, listener: Listener): L7Policy[] {
  return state
    .policiesOf(listener)
    .filter((policy) => policy.admin_state_up && policy.provisioning_status !== 'PENDING_DELETE')
    .filter((policy) => renderedRules(state, policy).length > 0);
}

export function renderedRules(state: OctaviaState, policy: L7Policy): L7Rule[] {
  return state.rulesOf(policy).filter((rule) => rule.admin_state_up && rule.provisioning_status !== 'PENDING_DELETE');
}

/** Whether `haproxy -c` takes what is rendered for the load balancer. */
export function isValidConfiguration(state: OctaviaState, loadBalancer: LoadBalancer): boolean {
  const refused = [...state.l7Rules.values()].filter((rule) => rule.compare_type === 'REGEX' && !isTaken(rule.value));
  return !refused.some((rule) => isRendered(state, loadBalancer, rule));
}

const taken = new Map<string, boolean>();

/** Whether HAProxy takes the regular expression, as Octavia renders it. */
function isTaken(value: string): boolean {
  const known = taken.get(value) ?? pcreProblem(renderedValue(value)) === undefined;
  taken.set(value, known);
  return known;
}

function isRendered(state: OctaviaState, loadBalancer: LoadBalancer, rule: L7Rule): boolean {
  const policy = state.l7Policies.get(rule.l7policy_id);
  const listener = policy && state.listeners.get(policy.listener_id);
  if (listener?.loadbalancer_id !== loadBalancer.id) return false;
  return [listener, policy, rule].every(
    (object) => object?.admin_state_up === true && object.provisioning_status !== 'PENDING_DELETE',
  );
}
