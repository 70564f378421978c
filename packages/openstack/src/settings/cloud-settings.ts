import type { ServiceType } from '../keystone/keystone-session.js';
import type { TlsSettings } from '../transport/tls-files.js';

/** A domain, by id or name. */
export type DomainReference = { readonly id: string } | { readonly name: string };

/** A user or project; a name is only unique within its domain. */
export type ScopedReference = { readonly id: string } | { readonly name: string; readonly domain: DomainReference };

/** How to prove to Keystone who we are. Holds secrets. */
export type Authentication =
  | { readonly method: 'password'; readonly user: ScopedReference; readonly password: string }
  | {
      readonly method: 'application_credential';
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: ScopedReference };
      readonly secret: string;
    }
  | { readonly method: 'token'; readonly token: string };

/** What the token is for. An application credential has its project and takes none. */
export type Scope =
  | { readonly project: ScopedReference }
  | { readonly domain: DomainReference }
  | { readonly trust: string }
  | { readonly system: 'all' };

/** Which endpoints of the catalog are used. */
export type EndpointInterface = 'public' | 'internal' | 'admin';

/** Everything needed to reach a cloud, wherever it was written. Holds secrets: never logged. */
export interface CloudSettings {
  /** For people: where this is written, e.g. `[neutron]` or `clouds.yaml FILE, cloud NAME`. */
  readonly origin: string;
  /** Keystone, with or without `/v3`. */
  readonly authUrl: string;
  readonly authentication: Authentication;
  readonly scope?: Scope;
  /** @default the only one of the catalog */
  readonly region?: string;
  readonly endpointInterface: EndpointInterface;
  /** Addresses to use in place of those of the catalog. */
  readonly endpointOverrides: Readonly<Partial<Record<ServiceType, string>>>;
  readonly tls: TlsSettings;
  /** Milliseconds for a request. @default 60_000 */
  readonly requestTimeout?: number;
}
