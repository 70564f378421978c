import type { ApiAnswer, ApiRequest, AuthenticatedRequest } from './exchange.js';

export interface Route {
  readonly method: string;
  /** `/v2/lbaas/pools/:pool/members` */
  readonly pattern: string;
  readonly segments: readonly string[];
  readonly open: boolean;
  readonly handle: (request: AuthenticatedRequest) => ApiAnswer;
}

export interface MatchedRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Which handler answers which method and path. */
export class RouteTable {
  readonly #routes: Route[] = [];

  /** @param pattern path with `:name` for the parts that vary */
  add(method: string, pattern: string, handle: (request: AuthenticatedRequest) => ApiAnswer): this {
    this.#routes.push({ method, pattern, segments: pattern.split('/'), open: false, handle });
    return this;
  }

  /** A route that asks for no token. */
  addOpen(method: string, pattern: string, handle: (request: ApiRequest) => ApiAnswer): this {
    this.#routes.push({ method, pattern, segments: pattern.split('/'), open: true, handle });
    return this;
  }

  /** The first route added that matches; 'method' where only the method does not. */
  find(method: string, path: string): MatchedRoute | 'method' | undefined {
    const parts = (path.length > 1 ? path.replace(/\/+$/, '') : path).split('/');
    let known = false;
    for (const route of this.#routes) {
      const parameters = match(route.segments, parts);
      if (parameters === undefined) continue;
      if (route.method === method) return { route, parameters };
      known = true;
    }
    return known ? 'method' : undefined;
  }
}

function match(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.startsWith(':')) parameters[segment.slice(1)] = decodeURIComponent(part);
    else if (segment !== part) return undefined;
  }
  return parameters;
}
