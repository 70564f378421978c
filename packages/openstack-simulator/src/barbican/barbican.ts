import { type Clock, timestamp } from '../clock.js';
import { ApiFault } from '../http/api-fault.js';
import { ApiService } from '../http/api-service.js';
import type { CertificateStore } from '../octavia/octavia-context.js';
import { addContainerRoutes } from './container-api.js';
import { isPkcs12 } from './pkcs12.js';
import { addSecretRoutes } from './secret-api.js';
import type { Container, Secret } from './secrets.js';

/** Barbican v1: secrets, containers and access lists. It does not know what a secret is in use for. */
export class Barbican extends ApiService implements CertificateStore {
  readonly prefix = '/key-manager';
  readonly secrets = new Map<string, Secret>();
  readonly containers = new Map<string, Container>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
    this.routes.addOpen('GET', '/', ({ serviceUrl }) => ({
      status: 300,
      body: {
        versions: {
          values: [{ id: 'v1', status: 'stable', links: [{ rel: 'self', href: `${serviceUrl}/v1/` }] }],
        },
      },
    }));
    addSecretRoutes(this.routes, this);
    addContainerRoutes(this.routes, this);
  }

  faultBody({ status, message }: ApiFault): unknown {
    return { code: status, title: TITLES[status] ?? 'Error', description: message };
  }

  now(): string {
    return timestamp(this.#clock.now());
  }

  exists(reference: string): boolean {
    const id = idOf(reference);
    const container = this.containers.get(id);
    if (container !== undefined)
      return container.secretRefs.every(({ secret_ref }) => this.secrets.has(idOf(secret_ref)));
    return this.secrets.has(id);
  }

  requireReadable(reference: string): void {
    const secret = this.secrets.get(idOf(reference));
    if (secret === undefined) return;
    const bytes = secret.payload?.bytes ?? Buffer.alloc(0);
    if (isPkcs12(bytes) || bytes.includes('-----BEGIN')) return;
    throw new ApiFault(
      400,
      'The PKCS12 bundle is unreadable. Please check the PKCS12 bundle validity. In addition, make sure it does not ' +
        'require a pass phrase. Error: Could not deserialize PKCS12 data',
    );
  }
}

/** Last part of a reference. */
function idOf(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};
