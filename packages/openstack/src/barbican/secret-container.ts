import type { AnswerReader } from '../answer/answer-reader.js';
import { idOfReference } from './secret.js';

/** Secrets that belong together, such as a certificate and its key. */
export interface SecretContainer {
  /** The URL by which other services refer to it. */
  readonly container_ref: string;
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly secret_refs: readonly NamedSecret[];
}

export interface NamedSecret {
  /** In a `certificate`: certificate, private_key, intermediates, private_key_passphrase. */
  readonly name: string;
  readonly secret_ref: string;
}

export interface SecretContainerCreate {
  readonly name?: string;
  readonly type: 'generic' | 'certificate' | 'rsa';
  readonly secret_refs: readonly NamedSecret[];
}

export function readSecretContainer(answer: AnswerReader): SecretContainer {
  const containerRef = answer.string('container_ref');
  return {
    container_ref: containerRef,
    id: idOfReference(containerRef),
    name: answer.text('name'),
    type: answer.text('type'),
    status: answer.text('status'),
    secret_refs: answer.list('secret_refs', (secret) => ({
      name: secret.text('name'),
      secret_ref: secret.string('secret_ref'),
    })),
  };
}
