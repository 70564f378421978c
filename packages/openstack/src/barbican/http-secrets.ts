import type { CallOptions } from '../api/call-options.js';
import type { ServiceClient } from '../transport/service-client.js';
import type { Secrets } from './barbican-client.js';
import { BarbicanCollection } from './barbican-collection.js';
import { readSecret, type Secret, type SecretCreate } from './secret.js';

export class HttpSecrets extends BarbicanCollection<Secret> implements Secrets {
  constructor(barbican: ServiceClient) {
    super(barbican, 'secrets', readSecret);
  }

  async payload(reference: string, options: CallOptions = {}): Promise<Uint8Array> {
    // Barbican gives a payload only to those who ask for its very media type.
    const accept = (await this.get(reference, options)).content_type ?? 'application/octet-stream';
    const path = `${this.pathOf(reference)}/payload`;
    return this.barbican.request('GET', path, { ...options, accept }, (answer) => answer.body);
  }

  create({ payload, ...fields }: SecretCreate, options: CallOptions = {}): Promise<string> {
    const body = { secret_type: 'opaque', ...fields, ...encoded(payload) };
    return this.barbican.request('POST', this.path, { ...options, body }, (answer) =>
      answer.reader().string('secret_ref'),
    );
  }
}

function encoded(payload: Uint8Array | string) {
  if (typeof payload === 'string') return { payload, payload_content_type: 'text/plain' };
  return {
    payload: Buffer.from(payload).toString('base64'),
    payload_content_type: 'application/octet-stream',
    payload_content_encoding: 'base64',
  };
}
