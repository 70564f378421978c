import type { Listener } from './objects.js';
import type { OctaviaState } from './octavia-state.js';
import { isValidConfiguration } from './rendering.js';
import type { Write } from './worker.js';

/** `refused`: what was written goes to ERROR. `hangs`: nothing comes of it, and the load balancer stays PENDING for good. */
export type Refusal = 'refused' | 'hangs';

/** Why a write does not come off, judged when the worker does it. */
export function refusalOf(
  state: OctaviaState,
  write: Write,
  secretExists: (reference: string) => boolean,
): Refusal | undefined {
  const { loadBalancer, kind, operation } = write;
  // A cascade renders nothing, and reads no secret.
  if (kind === 'loadbalancer' && operation === 'delete') return undefined;
  const dead = state.listenersOf(loadBalancer).some((listener) => !secretReferences(listener).every(secretExists));
  if (dead) return kind === 'listener' ? 'refused' : 'hangs';
  return isValidConfiguration(state, loadBalancer) ? undefined : 'refused';
}

/** Barbican references of a listener's certificates. */
export function secretReferences(listener: Listener): string[] {
  const { default_tls_container_ref, client_ca_tls_container_ref, sni_container_refs } = listener;
  return [default_tls_container_ref, client_ca_tls_container_ref, ...sni_container_refs].filter((ref) => ref !== null);
}
