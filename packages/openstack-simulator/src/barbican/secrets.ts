/** What Barbican stores here. */
export interface Secret {
  readonly id: string;
  readonly projectId: string;
  readonly creatorId: string;
  readonly name: string | null;
  readonly createdAt: string;
  readonly secretType: string;
  readonly expiration: string | null;
  /** Absent until it is put; it can be put once. */
  payload?: { readonly bytes: Buffer; readonly contentType: string };
  acl?: AccessList;
}

/** Who may read a secret besides its project. */
export interface AccessList {
  readonly users: readonly string[];
  readonly projectAccess: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A named set of secrets, e.g. a certificate with its key. */
export interface Container {
  readonly id: string;
  readonly projectId: string;
  readonly creatorId: string;
  readonly name: string | null;
  readonly type: string;
  readonly createdAt: string;
  readonly secretRefs: readonly { readonly name: string | null; readonly secret_ref: string }[];
}
