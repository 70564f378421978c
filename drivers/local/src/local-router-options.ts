import type { Logger } from '@kuryr-l7/plugin';
import { type Clock, SYSTEM_CLOCK } from './clock.js';

/** Certificate chain and private key of the HTTPS listener, each as PEM. */
export interface TlsCredentials {
  readonly certificate: string;
  readonly key: string;
}

/** All in milliseconds. Names and, where Octavia has one, meaning and default are those of its listeners (`timeout_*`). */
export interface Timeouts {
  /** A client has so long to send the whole head of a request. Default: 10,000. */
  readonly clientHeader: number;
  /** A client connection without a request is closed after so long. Default: 60,000. */
  readonly clientKeepAlive: number;
  /** A client that neither sends what it announced nor reads its answer is cut off after so long. Default: 50,000. */
  readonly clientData: number;
  /** A member has so long to accept a connection. Default: 5,000. */
  readonly memberConnect: number;
  /** A member may be silent for so long, before its answer (504) or within it. Default: 50,000. */
  readonly memberData: number;
}

export interface LocalRouterOptions {
  /** IP address to listen on. Default: 127.0.0.1. */
  readonly bindAddress?: string;
  /** Port of the HTTP listener; 0 picks a free one. Default: 8080. */
  readonly httpPort?: number;
  /** Port of the HTTPS listener; 0 picks a free one, -1 means none. Default: -1. */
  readonly httpsPort?: number;
  /** Where clients reach the router if that is not the address it listens on: an IP address or a host name. */
  readonly externalAddress?: string;
  /** Port that clients use for HTTP, if it is not the one listened on. */
  readonly externalHttpPort?: number;
  /** Port that clients use for HTTPS, if it is not the one listened on. */
  readonly externalHttpsPort?: number;
  /** Default: a self-signed certificate made when the router opens. */
  readonly tls?: TlsCredentials;
  readonly timeouts?: Partial<Timeouts>;
  /** Longest head of a request in bytes; a longer one gets 431. Default: 16,384. */
  readonly maxHeaderSize?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** The options with every default filled in. */
export interface LocalRouterSettings {
  readonly bindAddress: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly externalAddress: string | undefined;
  readonly externalHttpPort: number | undefined;
  readonly externalHttpsPort: number | undefined;
  readonly tls: TlsCredentials | undefined;
  readonly timeouts: Timeouts;
  readonly maxHeaderSize: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  clientHeader: 10_000,
  clientKeepAlive: 60_000,
  clientData: 50_000,
  memberConnect: 5_000,
  memberData: 50_000,
};

const SILENT_LOGGER: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export function resolveSettings(options: LocalRouterOptions): LocalRouterSettings {
  return {
    bindAddress: options.bindAddress ?? '127.0.0.1',
    httpPort: options.httpPort ?? 8080,
    httpsPort: options.httpsPort ?? -1,
    externalAddress: options.externalAddress,
    externalHttpPort: options.externalHttpPort,
    externalHttpsPort: options.externalHttpsPort,
    tls: options.tls,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    maxHeaderSize: options.maxHeaderSize ?? 16_384,
    logger: options.logger ?? SILENT_LOGGER,
    clock: options.clock ?? SYSTEM_CLOCK,
  };
}
