import type { DataPlane } from '@kuryr-l7/openstack-simulator';
import { type Router, route } from '@kuryr-l7/router';
import type { Probe, ProbeResult, Target } from './probe.js';

const LISTENER = 'HTTP:80';

/**
 * The data plane of the simulated load balancer: after every write it decides, by what Octavia would render then, what
 * becomes of a request to each target. So no state that the load balancer goes through is missed.
 */
export class DecidingProbe implements DataPlane, Probe {
  #targets: readonly Target[] = [];
  #requests = 0;
  #failures: string[] = [];

  apply(_loadBalancerId: string, router: Router): void {
    for (const target of this.#targets) {
      this.#requests += 1;
      const answer = answerOf(router, target);
      if (answer !== '200') this.#failures.push(`${target.host}${target.path}: ${answer}`);
    }
  }

  start(targets: readonly Target[]): () => Promise<ProbeResult> {
    this.#targets = targets;
    this.#requests = 0;
    this.#failures = [];
    return async () => {
      this.#targets = [];
      return { requests: this.#requests, failures: this.#failures };
    };
  }
}

/** Every member that there is answers 200; a pool without any, 503. */
function answerOf(router: Router, target: Target): string {
  const { pool, statusCode } = route(router, LISTENER, target);
  if (pool === undefined) return String(statusCode);
  const members = router.pools.find(({ name }) => name === pool)?.members ?? [];
  return members.some(({ weight }) => weight > 0) ? '200' : '503';
}
