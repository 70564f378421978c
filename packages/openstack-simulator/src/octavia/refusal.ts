import type { Listener } from './objects.js';
import type { OctaviaState } from './octavia-state.js';
import { isValidConfiguration } from './rendering.js';
import type { Write } from './worker.js';

/** `refused`: what was written goes to ERROR. `hangs`: nothing comes of it, and the load balancer stays PENDING for good. */
export type Refusal = 'refused' | 'hangs';

/** Writes whose code reads the certificates of every listener where nobody expects that to fail. */
const HANGING_KINDS: readonly string[] = ['pool', 'member', 'healthmonitor'];

/**
 * Why a write does not come off, judged when the worker does it.
 * @param broken the listeners of the load balancer whose certificates are gone
 */
export function refusalOf(state: OctaviaState, write: Write, broken: readonly Listener[]): Refusal | undefined {
  const { loadBalancer, kind, operation, subjects, parents = [] } = write;
  // A cascade renders nothing, and reads no secret.
  if (kind === 'loadbalancer' && operation === 'delete') return undefined;
  if (broken.length > 0 && (HANGING_KINDS.includes(kind) || (kind === 'listener' && operation === 'create')))
    return 'hangs';
  if (parents.some((parent) => parent.kind === 'listener' && broken.includes(parent))) return 'hangs';
  const deletesBroken = subjects.some((subject) => subject.kind === 'listener' && broken.includes(subject));
  if (operation === 'delete' && deletesBroken) return 'refused';
  return isValidConfiguration(state, loadBalancer) ? undefined : 'refused';
}

/** Barbican references of a listener's certificates. */
export function secretReferences(listener: Listener): string[] {
  const { default_tls_container_ref, client_ca_tls_container_ref, sni_container_refs } = listener;
  return [default_tls_container_ref, client_ca_tls_container_ref, ...sni_container_refs].filter((ref) => ref !== null);
}
