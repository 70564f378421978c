import { createHash, randomBytes } from 'node:crypto';

/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Bearer tokens of named users, made when the server starts. A token is looked up by its hash, so that the time taken tells nothing about it. */
export class Authentication {
  readonly #byHash = new Map<string, User>();
  readonly #tokens = new Map<string, string>();

  constructor(userNames: readonly string[]) {
    for (const name of userNames) this.renew(name);
  }

  /** The user's token. Throws RangeError for an unknown name. */
  tokenOf(userName: string): string {
    const token = this.#tokens.get(userName);
    if (token === undefined)
      throw new RangeError(`no user is named ${userName}; there are ${[...this.#tokens.keys()].join(', ')}`);
    return token;
  }

  /** Gives the user (a new one too) a new token; the one before is refused from now on. */
  renew(userName: string): string {
    const before = this.#tokens.get(userName);
    if (before !== undefined) this.#byHash.delete(hash(before));
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(userName, token);
    this.#byHash.set(hash(token), { name: userName, groups: ['system:masters', 'system:authenticated'] });
    return token;
  }

  /** Who sends this `Authorization` header; undefined for nobody known. */
  authenticate(authorization: string | undefined): User | undefined {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : this.#byHash.get(hash(token));
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
