import { type Decision, type RouteRequest, type Router, route } from '@kuryr-l7/router';
import type { Listener, LoadBalancer } from '../octavia/objects.js';
import type { OctaviaState } from '../octavia/octavia-state.js';
import type { DataPlane } from './data-plane.js';
import { renderRouter } from './rendered-router.js';

/** What each load balancer serves: the last configuration that its HAProxy took, not what is stored. */
export class Configurations {
  readonly #state: OctaviaState;
  readonly #dataPlane: DataPlane | undefined;
  readonly #routers = new Map<string, Router>();

  constructor(state: OctaviaState, dataPlane: DataPlane | undefined) {
    this.#state = state;
    this.#dataPlane = dataPlane;
  }

  /**
   * Takes over what is stored now.
   * @param broken listeners that are left out, because their certificates are gone
   * @returns what to wait for, where somebody carries the requests
   */
  take(loadBalancer: LoadBalancer, broken: readonly Listener[]): Promise<void> | undefined {
    const router = renderRouter(this.#state, loadBalancer, broken);
    this.#routers.set(loadBalancer.id, router);
    return this.#dataPlane?.apply(loadBalancer.id, router);
  }

  /** Ends the service of a load balancer that is gone. */
  end(loadBalancerId: string): Promise<void> | undefined {
    this.#routers.delete(loadBalancerId);
    return this.#dataPlane?.apply(loadBalancerId, { listeners: [], pools: [] });
  }

  /** What happens to a request. @throws UnknownListenerError where the load balancer serves no such listener */
  decide(loadBalancerId: string, listenerKey: string, request: RouteRequest): Decision {
    return route(this.#routers.get(loadBalancerId) ?? { listeners: [], pools: [] }, listenerKey, request);
  }
}
