import type { Balancer, Candidate } from './candidate.js';
import { RoundRobin } from './round-robin.js';

/** The member with the fewest requests for its weight; among equals by round robin, so that an idle pool is not one member. */
export class LeastConnections implements Balancer {
  readonly #amongEquals = new RoundRobin();

  pick<C extends Candidate>(candidates: readonly C[]): C | undefined {
    let lowest = Number.POSITIVE_INFINITY;
    let equals: C[] = [];
    for (const candidate of candidates) {
      const load = candidate.active / candidate.weight;
      if (load < lowest) {
        lowest = load;
        equals = [candidate];
      } else if (load === lowest) {
        equals.push(candidate);
      }
    }
    return this.#amongEquals.pick(equals);
  }

  forget(key: string): void {
    this.#amongEquals.forget(key);
  }
}
