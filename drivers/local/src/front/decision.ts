import type { IncomingMessage } from 'node:http';
import { decide as decideByPolicy } from '@kuryr-l7/router';
import type { LivePool } from '../pool/live-pool.js';
import { type RequestTarget, readRequestTarget } from './request-target.js';
import type { Routing } from './routing.js';

/** An answer of the router itself. */
export interface OwnAnswer {
  readonly status: number;
  /** Where a redirect leads. */
  readonly location?: string;
}

/** What becomes of a request. */
export type Decision =
  | { readonly type: 'forward'; readonly pool: LivePool; readonly target: RequestTarget }
  | { readonly type: 'answer'; readonly answer: OwnAnswer };

/** Decides as the policies of a listener say. A request that can't be understood gets 400, one that nothing matches 404. */
export function decide(routing: Routing, listener: string, request: IncomingMessage): Decision {
  const target = readRequestTarget(request);
  if (target === undefined) return { type: 'answer', answer: { status: 400 } };
  const { host, path, query } = target;
  const policy = routing.match(listener, host, path, request.headers);
  const { action, pool: name = '', statusCode = 503, location } = decideByPolicy(policy, { host, path, query });
  const pool = action === 'REDIRECT_TO_POOL' ? routing.pool(name) : undefined;
  if (pool !== undefined) return { type: 'forward', pool, target };
  return { type: 'answer', answer: location === undefined ? { status: statusCode } : { status: statusCode, location } };
}
