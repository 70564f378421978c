import type { L7Policy, L7Rule, Listener, LoadBalancer } from './objects.js';
import type { OctaviaState } from './octavia-state.js';
import { pcre } from './regular-expressions.js';

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
  return state
    .listenersOf(loadBalancer)
    .filter((listener) => listener.admin_state_up && listener.provisioning_status !== 'PENDING_DELETE')
    .flatMap((listener) => renderedPolicies(state, listener))
    .flatMap((policy) => renderedRules(state, policy))
    .every((rule) => rule.compare_type !== 'REGEX' || pcre(renderedValue(rule.value), false) !== undefined);
}
