import type { AnswerReader } from '../answer/answer-reader.js';

/** What Barbican tells about a secret without giving it away. */
export interface Secret {
  /** The URL by which other services refer to it. */
  readonly secret_ref: string;
  /** The last part of `secret_ref`. */
  readonly id: string;
  readonly name: string;
  /** ACTIVE once it has a payload; ERROR. */
  readonly status: string;
  /** opaque, certificate, private, public, passphrase, symmetric. */
  readonly secret_type: string;
  /** Media type of the payload; null while there is none. */
  readonly content_type: string | null;
  /** ISO 8601; null: never. */
  readonly expiration: string | null;
  readonly creator_id: string | null;
  readonly created: string;
  readonly updated: string;
}

/** A payload is sent in base64 if it is binary, such as a PKCS#12 bundle, or as the text that it is. */
export interface SecretCreate {
  readonly name?: string;
  /** @default 'opaque' */
  readonly secret_type?: 'opaque' | 'certificate' | 'private' | 'public' | 'passphrase' | 'symmetric';
  readonly payload: Uint8Array | string;
  /** ISO 8601. */
  readonly expiration?: string;
}

export function readSecret(answer: AnswerReader): Secret {
  const secretRef = answer.string('secret_ref');
  return {
    secret_ref: secretRef,
    id: idOfReference(secretRef),
    name: answer.text('name'),
    status: answer.text('status'),
    secret_type: answer.text('secret_type'),
    content_type: answer.objectOrNull('content_types', (types) => types.stringOrNull('default')),
    expiration: answer.stringOrNull('expiration'),
    creator_id: answer.stringOrNull('creator_id'),
    created: answer.text('created'),
    updated: answer.text('updated'),
  };
}

/** The id in a reference such as `https://barbican.example:9311/v1/secrets/ID`; those to one secret may differ in their host. */
export function idOfReference(reference: string): string {
  return reference.replace(/\/+$/, '').split('/').at(-1) ?? reference;
}
