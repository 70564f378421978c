import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Caller } from '../http/exchange.js';

export interface Domain {
  readonly id: string;
  readonly name: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  /** Mutable: an administrator may change it. */
  password: string;
  /** Roles by project. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

export interface ApplicationCredential {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly user: User;
  readonly project: Project;
}

export interface Token {
  readonly id: string;
  readonly user: User;
  /** Absent in a token without scope. */
  readonly project?: Project;
  readonly roles: readonly string[];
  readonly method: 'password' | 'application_credential' | 'token';
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export const DEFAULT_DOMAIN: Domain = { id: 'default', name: 'Default' };

/** As Keystone writes ids of users and projects. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Users, projects and the tokens that were given out. All are in one domain. */
export class Identity {
  readonly users: User[] = [];
  readonly projects: Project[] = [];
  readonly applicationCredentials: ApplicationCredential[] = [];
  /** How long a token is good; a test may shorten it for tokens to come. */
  tokenLifetimeMilliseconds: number;
  readonly #tokens = new Map<string, Token>();
  readonly #clock: Clock;

  constructor(clock: Clock, tokenLifetimeMilliseconds: number) {
    this.#clock = clock;
    this.tokenLifetimeMilliseconds = tokenLifetimeMilliseconds;
  }

  issue(user: User, method: Token['method'], project?: Project): Token {
    const issuedAt = this.#clock.now();
    const token: Token = {
      id: randomBytes(48).toString('base64url'),
      user,
      ...(project !== undefined && { project }),
      roles: project === undefined ? [] : (user.roles.get(project.id) ?? []),
      method,
      issuedAt,
      expiresAt: issuedAt + this.tokenLifetimeMilliseconds,
    };
    this.#tokens.set(token.id, token);
    return token;
  }

  /** The token, while it is good. */
  find(id: string | undefined): Token | undefined {
    const token = id === undefined ? undefined : this.#tokens.get(id);
    return token !== undefined && token.expiresAt > this.#clock.now() ? token : undefined;
  }

  /** Makes every token that was given out worthless, as a change of Keystone's keys does. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  revoke(id: string): void {
    this.#tokens.delete(id);
  }

  /** Who a token is of; only tokens for a project count at the other services. */
  authenticate(id: string | undefined): Caller | undefined {
    const token = this.find(id);
    if (token?.project === undefined) return undefined;
    return { userId: token.user.id, projectId: token.project.id, roles: token.roles };
  }
}
