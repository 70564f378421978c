import type { CallOptions } from '../api/call-options.js';
import type { ServiceClient } from '../transport/service-client.js';
import type { SecretContainers } from './barbican-client.js';
import { BarbicanCollection } from './barbican-collection.js';
import { readSecretContainer, type SecretContainer, type SecretContainerCreate } from './secret-container.js';

export class HttpSecretContainers extends BarbicanCollection<SecretContainer> implements SecretContainers {
  constructor(barbican: ServiceClient) {
    super(barbican, 'containers', readSecretContainer);
  }

  create(container: SecretContainerCreate, options: CallOptions = {}): Promise<string> {
    return this.barbican.request('POST', this.path, { ...options, body: container }, (answer) =>
      answer.reader().string('container_ref'),
    );
  }
}
