import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { BarbicanClient } from '@kuryr-l7/openstack';
import { selfSigned } from './self-signed.fixture.js';

/** A certificate and its key in Barbican, as `openstack secret container create --type certificate` keeps them. */
export class CertificateContainer {
  private constructor(
    readonly reference: string,
    private readonly secrets: readonly string[],
    private readonly barbican: BarbicanClient,
  ) {}

  static async create(barbican: BarbicanClient, host: string): Promise<CertificateContainer> {
    const { certificate, key } = selfSigned(host);
    const parts = [
      {
        name: 'certificate',
        secret_ref: await barbican.secrets.create({ secret_type: 'certificate', payload: certificate }),
      },
      { name: 'private_key', secret_ref: await barbican.secrets.create({ secret_type: 'private', payload: key }) },
    ];
    const reference = await barbican.containers.create({ name: host, type: 'certificate', secret_refs: parts });
    const secrets = parts.map(({ secret_ref }) => secret_ref);
    return new CertificateContainer(reference, secrets, barbican);
  }

  /** Nothing keeps Barbican from it, also while a listener refers to it. */
  async delete(): Promise<void> {
    await this.barbican.containers.delete(this.reference);
    for (const secret of this.secrets) await this.barbican.secrets.delete(secret);
  }
}

/** What is answered over TLS at port 443, and the name in the certificate that is shown. */
export function answerOverTls(address: string): Promise<{ readonly body: string; readonly shown: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: address, rejectUnauthorized: false, agent: false }, async (response) => {
      const shown = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ body, shown });
    });
    sent.once('error', reject);
    sent.end();
  });
}
