import type { Balancer, Candidate } from './candidate.js';

/**
 * The same client gets the same member. Weighted rendezvous hashing: a member that leaves hands over its own clients
 * only, a new one takes its share and moves nobody else.
 */
export class SourceIp implements Balancer {
  pick<C extends Candidate>(candidates: readonly C[], client: string): C | undefined {
    let chosen: C | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    for (const candidate of candidates) {
      const score = -candidate.weight / Math.log((hash(`${client} ${candidate.key}`) + 0.5) / 2 ** 32);
      if (score > highest) {
        highest = score;
        chosen = candidate;
      }
    }
    return chosen;
  }

  forget(): void {}
}

/** FNV-1a, finished as in MurmurHash3 so that addresses that differ in one digit end far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
