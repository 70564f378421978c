import type { DataPlane } from '@kuryr-l7/openstack-simulator';
import { type Router, route } from '@kuryr-l7/router';
import type { Probe, ProbeResult, Target } from './probe.js';

const LISTENER = 'HTTP:80';

interface Answer {
  readonly target: Target;
  readonly status: string;
  /** Undefined where no pool was asked. */
  readonly pool: string | undefined;
}

/**
 * The data plane of the simulated load balancer: after every write it decides, by what Octavia would render then, what
 * becomes of a request to each target. So no state that the load balancer goes through is missed. What is answered by
 * another pool than before the change and after it is a failure too.
 */
export class DecidingProbe implements DataPlane, Probe {
  #router: Router = { listeners: [], pools: [] };
  #targets: readonly Target[] = [];
  #answers: Answer[] = [];

  apply(_loadBalancerId: string, router: Router): void {
    this.#router = router;
    for (const target of this.#targets) this.#answers.push(answerOf(router, target));
  }

  start(targets: readonly Target[]): () => Promise<ProbeResult> {
    const before = this.#router;
    this.#targets = targets;
    this.#answers = [];
    return async () => {
      this.#targets = [];
      const failures = this.#answers.flatMap(({ target, status, pool }) => {
        const right = [before, this.#router].some((router) => answerOf(router, target).pool === pool);
        if (status === '200' && right) return [];
        return [`${target.host}${target.path}: ${status}${pool === undefined ? '' : ` by ${pool}`}`];
      });
      return { requests: this.#answers.length, failures };
    };
  }
}

/** Every member that there is answers 200; a pool without any, 503. */
function answerOf(router: Router, target: Target): Answer {
  const { pool, statusCode } = route(router, LISTENER, target);
  const members = router.pools.find(({ name }) => name === pool)?.members ?? [];
  const filled = members.some(({ weight }) => weight > 0) ? '200' : '503';
  return { target, pool, status: pool === undefined ? String(statusCode) : filled };
}
