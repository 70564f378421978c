import { type BarbicanClient, ForbiddenError, type Listener, NotFoundError, type Pool } from '@kuryr-l7/openstack';
import { referencesOf } from './listener-certificates.js';

/** What refers to a secret, in words, and which. */
export interface Reference {
  readonly by: string;
  readonly reference: string;
}

/** Of listeners and pools: Octavia reads all of them anew at every change of the load balancer. */
export function allReferences(listeners: readonly Listener[], pools: readonly Pool[]): readonly Reference[] {
  return [
    ...listeners.flatMap((listener) =>
      referencesOf(listener).map((reference) => ({ by: `listener ${listener.name} (${listener.id})`, reference })),
    ),
    ...pools.flatMap(({ name, id, tls_container_ref, ca_tls_container_ref, crl_container_ref }) =>
      [tls_container_ref, ca_tls_container_ref, crl_container_ref]
        .filter((reference) => reference !== null)
        .map((reference) => ({ by: `pool ${name} (${id})`, reference })),
    ),
  ];
}

/**
 * The references whose secret is not there any more. Nothing keeps Barbican from deleting what a listener refers to, and
 * the next change to the load balancer then freezes it for good (measured on 11.0.0 and 16.0.0).
 */
export async function missingReferences(
  barbican: BarbicanClient,
  references: readonly Reference[],
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  const unique = [...new Set(references.map(({ reference }) => reference))];
  const there = await Promise.all(unique.map((reference) => isThere(barbican, reference, signal)));
  const missing = new Set(unique.filter((_, index) => there[index] === false));
  return references.filter(({ reference }) => missing.has(reference));
}

/** What we may not see is taken to be there: it is another project's. */
async function isThere(barbican: BarbicanClient, reference: string, signal: AbortSignal): Promise<boolean> {
  try {
    if (!reference.includes('/containers/')) {
      await barbican.secrets.get(reference, { signal });
      return true;
    }
    const { secret_refs } = await barbican.containers.get(reference, { signal });
    const parts = await Promise.all(secret_refs.map(({ secret_ref }) => isThere(barbican, secret_ref, signal)));
    return parts.every(Boolean);
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    if (error instanceof ForbiddenError) return true;
    throw error;
  }
}
