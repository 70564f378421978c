import type { Router } from '@kuryr-l7/router';

/**
 * What carries the requests of the simulated load balancers: an in-process router, for instance. The simulator has none
 * of its own.
 */
export interface DataPlane {
  /**
   * Takes over what a load balancer serves from now on: its listeners with rendered policies in order of position, the
   * last of which takes what no other does, and its pools by their ids.
   *
   * The load balancer is ACTIVE again when this returns or settles; where it rejects, what was written goes to ERROR.
   */
  apply(loadBalancerId: string, router: Router): void | Promise<void>;
}
