import type { Balancer, Candidate } from './candidate.js';

/**
 * Smooth weighted round robin (the algorithm of nginx's upstream): of members with weights 5, 1, 1 the heavy one is not
 * asked five times in a row, but a a b a c a a.
 */
export class RoundRobin implements Balancer {
  readonly #credit = new Map<string, number>();

  pick<C extends Candidate>(candidates: readonly C[]): C | undefined {
    let chosen: C | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    let total = 0;
    for (const candidate of candidates) {
      const credit = (this.#credit.get(candidate.key) ?? 0) + candidate.weight;
      this.#credit.set(candidate.key, credit);
      total += candidate.weight;
      if (credit > highest) {
        highest = credit;
        chosen = candidate;
      }
    }
    if (chosen !== undefined) this.#credit.set(chosen.key, highest - total);
    return chosen;
  }

  forget(key: string): void {
    this.#credit.delete(key);
  }
}
