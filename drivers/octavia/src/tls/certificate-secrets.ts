import type { Logger } from '@kuryr-l7/kube';
import {
  type BarbicanClient,
  type ClusterMarks,
  ConflictError,
  idOfReference,
  NotFoundError,
  type Secret,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import type { CheckedCertificate } from './tls-certificate.js';

/**
 * Certificates of one router in Barbican, each a PKCS#12 secret named by its content, so that nothing is uploaded twice.
 * Barbican has no tags: the name tells whose a secret is.
 */
export class CertificateSecrets {
  readonly #barbican: BarbicanClient;

  constructor(
    barbican: BarbicanClient,
    private readonly marks: ClusterMarks,
    /** The load balancer: another one's certificates are in Barbican before its listener refers to them. */
    private readonly loadBalancerId: string,
    private readonly logger: Logger,
  ) {
    this.#barbican = barbican;
  }

  /** The reference of the secret that holds the certificate; it is stored if it is not there. */
  async ensure(certificate: CheckedCertificate): Promise<string> {
    const name = this.marks.certificateName(this.loadBalancerId, certificate.fingerprint);
    const there = await this.#find(name);
    if (there !== undefined) return there;
    try {
      const payload = certificate.bundle();
      const secret = await this.#barbican.secrets.create({ name, secret_type: 'opaque', payload });
      this.logger.info(`store the certificate of ${certificate.subject} in Barbican`, { reference: secret });
      return secret;
    } catch (error) {
      const found = error instanceof UnknownOutcomeError ? await this.#find(name) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }

  /** Deletes ours but those given, which are all that any listener refers to and all that are about to be. */
  async deleteAllBut(references: ReadonlySet<string>): Promise<void> {
    const kept = new Set([...references].map(idOfReference));
    const secrets = await this.#barbican.secrets.list();
    for (const { name, id, secret_ref } of secrets) {
      if (this.marks.routerOfCertificate(name) !== this.loadBalancerId || kept.has(id)) continue;
      await this.#delete(secret_ref, name);
    }
  }

  async #find(name: string): Promise<string | undefined> {
    const secrets = await this.#barbican.secrets.list({ name });
    return secrets.find((secret: Secret) => secret.name === name && secret.status === 'ACTIVE')?.secret_ref;
  }

  async #delete(reference: string, name: string): Promise<void> {
    try {
      await this.#barbican.secrets.delete(reference);
      this.logger.info(`delete certificate ${name} from Barbican: no listener refers to it any more`, { reference });
    } catch (error) {
      // Gone already, or something registered as its consumer: it is kept then.
      if (!(error instanceof NotFoundError) && !(error instanceof ConflictError)) throw error;
    }
  }
}
