import { badRequest } from './api-error.js';
import { isRecord } from './api-object.js';

/** Where the next page of a list begins. */
export interface ListPosition {
  /** The revision of the first page; undefined: the newest, the list is not consistent any more. */
  readonly revision: number | undefined;
  /** The last key of the page before. */
  readonly after: string;
}

/** Opaque to clients, as in kube-apiserver: base64url of JSON. */
export function encodeContinueToken(position: ListPosition): string {
  const json = JSON.stringify({ v: 'meta.k8s.io/v1', rv: position.revision ?? -1, start: position.after });
  return Buffer.from(json).toString('base64url');
}

/** Throws an ApiError (400) for a token that was not made here. */
export function decodeContinueToken(token: string): ListPosition {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (error) {
    throw badRequest(`continue key is not valid: ${error instanceof Error ? error.message : 'not JSON'}`);
  }
  if (!isRecord(parsed) || typeof parsed.rv !== 'number' || typeof parsed.start !== 'string') {
    throw badRequest('continue key is not valid: incorrect encoded start or revision');
  }
  return { revision: parsed.rv === -1 ? undefined : parsed.rv, after: parsed.start };
}
