import type { IncomingHttpHeaders } from 'node:http';
import { type L7Policy, type ObservedPolicy, RouteIndex } from '@kuryr-l7/router';

/** The policies of a listener, indexed when the first request after a change asks: many changes in a row cost one index. */
export class ListenerRoutes {
  readonly #policies: readonly ObservedPolicy[];
  #index: RouteIndex | undefined;

  constructor(policies: readonly ObservedPolicy[]) {
    this.#policies = policies;
  }

  match(host: string, path: string, headers: IncomingHttpHeaders): L7Policy | undefined {
    this.#index ??= new RouteIndex(this.#policies);
    return this.#index.match(host, path, headers);
  }
}
