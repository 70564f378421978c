import type { CallOptions } from '../api/call-options.js';
import type { CloudSettings } from '../settings/cloud-settings.js';
import { underSignals } from '../time/abortable.js';
import type { Identity, KeystoneSession, ServiceType } from './keystone-session.js';
import { selectEndpoint } from './service-catalog.js';
import type { Token } from './token.js';
import type { TokenKeeper } from './token-keeper.js';

/** The session over a token that is kept. */
export class TokenSession implements KeystoneSession {
  constructor(
    readonly tokens: TokenKeeper,
    private readonly settings: CloudSettings,
    private readonly closing: AbortSignal,
  ) {}

  identity({ signal }: CallOptions = {}): Promise<Identity> {
    return underSignals([this.closing, signal], async (either) => (await this.tokens.current(either)).identity);
  }

  endpoint(service: ServiceType, { signal }: CallOptions = {}): Promise<URL> {
    return underSignals([this.closing, signal], async (either) =>
      this.endpointFor(service, await this.tokens.current(either)),
    );
  }

  /** Base URL of a service by the catalog of a token. @throws CatalogError */
  endpointFor(service: ServiceType, { catalog }: Token): URL {
    const { region, endpointInterface, endpointOverrides, origin } = this.settings;
    const override = endpointOverrides[service];
    return withoutVersion(override ?? selectEndpoint(catalog, { service, region, endpointInterface, origin }));
  }
}

/** Catalogs have the version of a service in its address or not: `/v2`, `/v2.0`, `/v1`. */
function withoutVersion(address: string): URL {
  const url = new URL(address);
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v\d+(?:\.\d+)?$/, '');
  return url;
}
