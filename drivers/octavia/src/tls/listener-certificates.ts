import type { Listener, OctaviaClient } from '@kuryr-l7/openstack';
import { RouterRefusedError, RouterUnavailableError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';
import { ensureListener, findListener, type ListenerContext } from '../listeners/open-listeners.js';
import type { RouterListener } from '../snapshot/router-reading.js';
import type { CertificateSecrets } from './certificate-secrets.js';
import { type CheckedCertificate, checkCertificate, type TlsCertificate } from './tls-certificate.js';

/** The certificates of a TERMINATED_HTTPS listener. */
export interface ListenerCertificates {
  /** For clients that name no host, and for hosts that no other certificate is for (measured). */
  readonly default: TlsCertificate;
  /** Chosen by the host that the client names, from the names in the certificates. */
  readonly sni?: readonly TlsCertificate[];
}

interface References {
  readonly default_tls_container_ref: string;
  readonly sni_container_refs: readonly string[];
}

/**
 * Keeps the certificates of our TERMINATED_HTTPS listener. Rotation: the new secret, then the listener, then (when it is
 * ACTIVE) the old secret goes; none is ever deleted while any listener of the project refers to it.
 */
export class CertificateKeeper {
  readonly #secrets: CertificateSecrets;
  readonly #octavia: OctaviaClient;
  #wanted: readonly [CheckedCertificate, ...CheckedCertificate[]] | undefined;

  constructor(octavia: OctaviaClient, secrets: CertificateSecrets) {
    this.#octavia = octavia;
    this.#secrets = secrets;
  }

  /**
   * Gives the listener its certificates; makes it where it is not there.
   *
   * @throws RouterRefusedError for certificates that can't be used; RouterUnavailableError for a listener that is not ours
   */
  async set(
    context: ListenerContext,
    port: number,
    certificates: ListenerCertificates,
    defaultPoolId: string | undefined,
    signal: AbortSignal,
  ): Promise<RouterListener> {
    const wanted = [checkCertificate(certificates.default), ...(certificates.sni ?? []).map(checkCertificate)] as const;
    const there = await findListener(context, { protocol: 'TERMINATED_HTTPS', port }, signal);
    if (there !== undefined && !context.ownership.isOurs(there)) {
      throw new RouterUnavailableError(
        `listener ${there.name} (${there.id}) on port ${port} is not ours, so it keeps the certificates that it has: delete it, or give no certificates to the driver`,
      );
    }
    this.#wanted = wanted;
    const references = await this.#store();
    const fields = { ...references, ...(defaultPoolId !== undefined && { default_pool_id: defaultPoolId }) };
    const listener = await ensureListener(context, { protocol: 'TERMINATED_HTTPS', port, fields }, signal);
    await this.#deleteUnused(references);
    return listener;
  }

  /**
   * References for a listener of ours some of whose secrets are gone: the certificates that it was given, put back. Where
   * they are not known any more, what is left of its references.
   *
   * @throws RouterRefusedError where nothing is left
   */
  async repaired(listener: Listener, gone: ReadonlySet<string>): Promise<References> {
    if (this.#wanted !== undefined) return this.#store();
    const { default_tls_container_ref: own, sni_container_refs } = listener;
    const [first, ...rest] = [...(own === null ? [] : [own]), ...sni_container_refs].filter((ref) => !gone.has(ref));
    if (first === undefined) {
      throw new RouterRefusedError(`no certificate of listener ${listener.name} (${listener.id}) is left in Barbican`);
    }
    const isOwn = first === own;
    return { default_tls_container_ref: first, sni_container_refs: isOwn ? rest : [first, ...rest] };
  }

  async #store(): Promise<References> {
    const [own, ...others] = this.#wanted ?? [];
    if (own === undefined) throw new RouterRefusedError('There are no certificates to store.');
    try {
      const references = [await this.#secrets.ensure(own)];
      for (const other of others) references.push(await this.#secrets.ensure(other));
      const [first = '', ...rest] = references;
      return { default_tls_container_ref: first, sni_container_refs: [...new Set(rest)] };
    } catch (error) {
      throw asRouterError(error, `store the certificate of ${own.subject} in Barbican`);
    }
  }

  async #deleteUnused({ default_tls_container_ref: own, sni_container_refs }: References): Promise<void> {
    try {
      const listeners = await this.#octavia.listeners.list();
      const used = listeners.flatMap(referencesOf);
      await this.#secrets.deleteAllBut(new Set([own, ...sni_container_refs, ...used]));
    } catch (error) {
      throw asRouterError(error, 'delete certificates that no listener refers to any more');
    }
  }
}

/** Of all secrets and containers that a listener needs. */
export function referencesOf(listener: Listener): readonly string[] {
  const { default_tls_container_ref, sni_container_refs, client_ca_tls_container_ref, client_crl_container_ref } =
    listener;
  return [
    default_tls_container_ref,
    ...sni_container_refs,
    client_ca_tls_container_ref,
    client_crl_container_ref,
  ].filter((reference) => reference !== null);
}
