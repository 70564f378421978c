import type { CallOptions } from '../api/call-options.js';

/** Services of the catalog that this package talks to, by their official types. */
export type ServiceType = 'load-balancer' | 'network' | 'key-manager';

/** Who we are at Keystone, for people and for requests that name the project. */
export interface Identity {
  readonly userId: string;
  readonly userName: string;
  /** `undefined` for a token that is not of a project. */
  readonly projectId: string | undefined;
  readonly projectName: string | undefined;
  /** Names of roles in the project. */
  readonly roles: readonly string[];
}

/** A standing at Keystone: a token that is renewed before it expires, and the catalog that came with it. */
export interface KeystoneSession {
  /** @throws UnauthorizedError, ConnectionError, … when there is no token and none can be had */
  identity(options?: CallOptions): Promise<Identity>;
  /** Base URL of a service, without a version. @throws CatalogError */
  endpoint(service: ServiceType, options?: CallOptions): Promise<URL>;
}
