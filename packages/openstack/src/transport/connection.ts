import type { TokenSession } from '../keystone/token-session.js';
import type { HttpClient } from './http-client.js';
import type { RequestSlots } from './request-slots.js';
import type { RetryOptions } from './retry.js';

/** What the clients of one cloud share. */
export interface Connection {
  readonly session: TokenSession;
  readonly http: HttpClient;
  readonly slots: RequestSlots;
  readonly retry: RetryOptions;
  /** Aborted when the cloud is closed. */
  readonly closing: AbortSignal;
}
