import {
  type Decision,
  type L7Policy,
  type ListenerIdentity,
  type ObservedRouter,
  type RouteRequest,
  route,
} from '@kuryr-l7/router';
import type { ClusterSession } from '../cluster-session.js';
import type { Page } from '../health/health-server.js';
import { ageInSeconds, noRouter, READ_TIME, STANDING_BY, whileBusy } from './unavailable.js';

/** `GET /api/v1/explain?url=URL&header=name:value`: what the router does with a request, and why. */
export interface ExplainDocument {
  readonly listener: string;
  readonly action: string;
  readonly policy?: string;
  /** Kind, namespace and name of the object that asked for it. */
  readonly source?: L7Policy['source'];
  readonly pool?: string;
  readonly members?: readonly { readonly address: string; readonly port: number; readonly weight: number }[];
  readonly statusCode?: number;
  readonly location?: string;
  /** Seconds since the router was read, where it was too busy to be read now. */
  readonly age?: number;
  readonly trace: readonly { readonly policy: string; readonly verdict: string; readonly reason: string }[];
}

/** What answers where no policy does. */
function unmatched(observed: ObservedRouter, { key }: ListenerIdentity, notFoundPool: string | undefined): Decision {
  const answer = observed.listeners.find((listener) => listener.key === key)?.unmatched ?? { statusCode: 404 };
  if ('statusCode' in answer) return { action: 'FIXED_RESPONSE', statusCode: answer.statusCode };
  const { pool } = answer;
  return { action: 'REDIRECT_TO_POOL', pool, ...(pool === notFoundPool && { statusCode: 404 }) };
}

export function explainPage(current: () => ClusterSession | undefined): Page {
  return whileBusy(async (query) => {
    const session = current();
    if (session === undefined) return STANDING_BY;
    const router = session.writer.router;
    if (router === undefined) return noRouter(session);
    const url = query.get('url') ?? '';
    if (!URL.canParse(url)) return { status: 400, text: `'${url}' is not a URL, e.g. http://www.example.com/path` };
    const observation = await session.writer.observe(AbortSignal.timeout(READ_TIME));
    if (observation === undefined) return noRouter(session);
    const { observed, age } = observation;
    const listener = listenerFor(new URL(url), router.description.listeners);
    if (listener === undefined)
      return { status: 400, text: `the L7 router has no listener for ${new URL(url).protocol}//` };
    const explained = explain(
      observed,
      listener,
      requestOf(url, query.getAll('header')),
      router.capabilities.notFoundPool,
    );
    const json: ExplainDocument = { ...explained, ...ageInSeconds(age) };
    return { status: 200, json };
  });
}

/** HTTPS listeners for https URLs, HTTP ones for http; of several the one on the port of the URL. */
function listenerFor(url: URL, listeners: readonly ListenerIdentity[]): ListenerIdentity | undefined {
  const protocol = url.protocol === 'https:' ? 'TERMINATED_HTTPS' : 'HTTP';
  const fitting = listeners.filter((listener) => listener.protocol === protocol);
  return fitting.find(({ port }) => String(port) === url.port) ?? fitting[0];
}

/** Path as written: what URL would normalise, a router does not. */
function requestOf(url: string, headers: readonly string[]): RouteRequest {
  const [, authority = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const question = rest.indexOf('?');
  const path = question === -1 ? rest : rest.slice(0, question);
  const given = headers.map((header) => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon).trim().toLowerCase(), header.slice(colon + 1).trim()] as const;
  });
  const host = given.find(([name]) => name === 'host')?.[1] ?? authority.slice(authority.lastIndexOf('@') + 1);
  return {
    host,
    path: path === '' ? '/' : path,
    ...(question === -1 ? {} : { query: rest.slice(question) }),
    headers: Object.fromEntries(given),
  };
}

/** @param notFoundPool name of the pool of which it is known that it answers 404 */
export function explain(
  observed: ObservedRouter,
  listener: ListenerIdentity,
  request: RouteRequest,
  notFoundPool?: string,
): ExplainDocument {
  const { trace, ...decision } = route(observed, listener.key, request);
  const { policy, action, pool, statusCode, location } =
    decision.policy === undefined ? unmatched(observed, listener, notFoundPool) : decision;
  const members = observed.pools.find(({ name }) => name === pool)?.members;
  return {
    listener: listener.key,
    action,
    ...(policy === undefined ? {} : { policy: policy.key, source: policy.source }),
    ...(pool === undefined ? {} : { pool }),
    ...(members === undefined ? {} : { members }),
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(location === undefined ? {} : { location }),
    trace: trace.map(({ policy: candidate, verdict, reason }) => ({ policy: candidate.key, verdict, reason })),
  };
}
