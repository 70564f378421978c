export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: 'application/json' | 'application/merge-patch+json' | 'application/json-patch+json';
  readonly signal?: AbortSignal;
}

export interface StreamOptions {
  readonly query?: Query;
  readonly signal: AbortSignal;
  /** Called when the answer has begun and is a good one, which may be long before its first byte. */
  readonly onOpen?: () => void;
}

/** The way to one API server: connections kept alive, credentials kept fresh. */
export interface KubernetesTransport {
  /**
   * Sends one request; resolves to the JSON of the answer, to be checked by the caller. Rejects with the signal's reason when aborted.
   *
   * @param path Below the API root, e.g. `/api/v1/pods`.
   * @throws KubernetesApiError, KubernetesConnectionError, KubernetesResponseError, KubernetesCredentialsError
   */
  requestJson(method: HttpMethod, path: string, options?: RequestOptions): Promise<unknown>;
  /**
   * Sends a GET whose answer has no end (a watch) and yields its bytes as they come; returns when the server ends it.
   * Sets no limit of time but to connecting: the caller judges silence.
   *
   * @throws the same, a connection that breaks off being a KubernetesConnectionError
   */
  stream(path: string, options: StreamOptions): AsyncIterable<Uint8Array>;
  /** Closes connections that are not in use: after a silent one, the others are not trusted either. */
  dropIdleConnections(): void;
  /** Closes all connections; running requests fail. */
  close(): void;
}
