import { type Decision, type RouteRequest, type Router, route } from '@kuryr-l7/router';
import type { DataPlane } from './data-plane.js';

const NOTHING: Router = { listeners: [], pools: [] };

/** Carries no requests, but tells what would become of them. */
export class DecidingDataPlane implements DataPlane {
  readonly #routers = new Map<string, Router>();

  apply(loadBalancerId: string, router: Router): void {
    this.#routers.set(loadBalancerId, router);
  }

  /**
   * What a load balancer does with a request, by the configuration that it serves now.
   * @param listenerKey `<PROTOCOL>:<port>`, e.g. `HTTP:80`
   * @returns the ids of policy and pool as key and name; what nothing takes gets 503
   * @throws UnknownListenerError where it serves no such listener
   */
  decide(loadBalancerId: string, listenerKey: string, request: RouteRequest): Decision {
    return route(this.#routers.get(loadBalancerId) ?? NOTHING, listenerKey, request);
  }
}
