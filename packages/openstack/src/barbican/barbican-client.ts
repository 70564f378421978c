import type { CallOptions } from '../api/call-options.js';
import type { AccessList } from './access-list.js';
import type { Secret, SecretCreate } from './secret.js';
import type { SecretContainer, SecretContainerCreate } from './secret-container.js';

export interface SecretFilter {
  /** Exact; several secrets may have one name. */
  readonly name?: string;
  readonly secret_type?: string;
  /** Objects of one page. @default 100 */
  readonly limit?: number;
}

export interface ContainerFilter {
  readonly name?: string;
  readonly type?: string;
  readonly limit?: number;
}

/** Objects are named by their id or by the reference that contains it. */
export interface Secrets {
  /** Of the project, page after page. */
  list(filter?: SecretFilter, options?: CallOptions): Promise<readonly Secret[]>;
  /** @throws NotFoundError */
  get(reference: string, options?: CallOptions): Promise<Secret>;
  /** The secret itself. @throws NotFoundError, ForbiddenError */
  payload(reference: string, options?: CallOptions): Promise<Uint8Array>;
  /**
   * Stores a payload, which never changes. Returns the reference.
   *
   * @throws QuotaError, BadRequestError; UnknownOutcomeError when it may have been stored: look for it by its name
   */
  create(secret: SecretCreate, options?: CallOptions): Promise<string>;
  /** Nothing keeps Barbican from deleting what a listener refers to (measured). @throws NotFoundError */
  delete(reference: string, options?: CallOptions): Promise<void>;
  accessList(reference: string, options?: CallOptions): Promise<AccessList>;
  setAccessList(reference: string, list: AccessList, options?: CallOptions): Promise<void>;
}

export interface SecretContainers {
  list(filter?: ContainerFilter, options?: CallOptions): Promise<readonly SecretContainer[]>;
  get(reference: string, options?: CallOptions): Promise<SecretContainer>;
  /** Returns the reference. */
  create(container: SecretContainerCreate, options?: CallOptions): Promise<string>;
  delete(reference: string, options?: CallOptions): Promise<void>;
  accessList(reference: string, options?: CallOptions): Promise<AccessList>;
  setAccessList(reference: string, list: AccessList, options?: CallOptions): Promise<void>;
}

/** Barbican's API v1. */
export interface BarbicanClient {
  readonly secrets: Secrets;
  readonly containers: SecretContainers;
}
