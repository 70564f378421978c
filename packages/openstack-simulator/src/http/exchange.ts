import type { IncomingHttpHeaders } from 'node:http';

/** Who asks, as Keystone vouches for it. */
export interface Caller {
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
}

export interface ApiRequest {
  readonly method: string;
  /** Path below the service's address, percent-encoding removed from its parameters only. */
  readonly path: string;
  /** The named parts of the route's path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, or the bytes where the request says that it is something else; undefined where there are none. */
  readonly body: unknown;
  /** Address of the service, without a slash at the end. */
  readonly serviceUrl: string;
}

/** A request of somebody who has shown a good token. */
export interface AuthenticatedRequest extends ApiRequest {
  readonly caller: Caller;
}

export interface ApiAnswer {
  readonly status: number;
  /** Sent as JSON; a Buffer as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The named part of a path; the route has it. */
export function parameter(request: ApiRequest, name: string): string {
  return request.parameters[name] ?? '';
}
