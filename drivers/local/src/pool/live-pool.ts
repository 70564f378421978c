import type { HealthMonitor, LbAlgorithm, Pool } from '@kuryr-l7/router';
import type { Balancer } from '../balancing/candidate.js';
import { createBalancer } from '../balancing/create-balancer.js';
import type { Clock } from '../clock.js';
import { HealthChecks } from '../health/health-checks.js';
import type { MemberConnections } from './member-connections.js';
import { memberKey, PoolMember } from './pool-member.js';

/** A pool at work: its members' connections, its place in the round, the health of its members. All survive an update. */
export class LivePool {
  readonly name: string;
  readonly #connections: MemberConnections;
  readonly #clock: Clock;
  #configured: Pool;
  #algorithm: LbAlgorithm;
  #balancer: Balancer;
  #members: PoolMember[] = [];
  #checks: HealthChecks | undefined;

  constructor(pool: Pool, connections: MemberConnections, clock: Clock) {
    this.name = pool.name;
    this.#connections = connections;
    this.#clock = clock;
    this.#configured = pool;
    this.#algorithm = pool.lbAlgorithm;
    this.#balancer = createBalancer(pool.lbAlgorithm);
    this.#setMembers(pool);
    this.#setHealthMonitor(pool.healthMonitor);
  }

  /** The configuration in effect. */
  get configured(): Pool {
    return this.#configured;
  }

  update(pool: Pool): void {
    if (pool === this.#configured) return;
    const before = this.#configured;
    this.#configured = pool;
    if (pool.lbAlgorithm !== this.#algorithm) {
      this.#algorithm = pool.lbAlgorithm;
      this.#balancer = createBalancer(pool.lbAlgorithm);
    }
    if (pool.members !== before.members) this.#setMembers(pool);
    if (!sameMonitor(pool.healthMonitor, before.healthMonitor)) this.#setHealthMonitor(pool.healthMonitor);
    else this.#checks?.setMembers(this.#members);
  }

  /**
   * The member for the next request of a client, without those already tried; undefined where nobody is left. Members
   * that refuse connections come after the others, and backups take part only while no other member would.
   */
  pick(client: string, tried?: ReadonlySet<PoolMember>): PoolMember | undefined {
    const now = this.#clock.now();
    let bestRank = Number.POSITIVE_INFINITY;
    let candidates: PoolMember[] = [];
    for (const member of this.#members) {
      if (member.weight === 0 || !member.up || tried?.has(member)) continue;
      const rank = (member.isHeldOff(now) ? 2 : 0) + (member.backup ? 1 : 0);
      if (rank < bestRank) {
        bestRank = rank;
        candidates = [member];
      } else if (rank === bestRank) {
        candidates.push(member);
      }
    }
    return candidates.length > 1 ? this.#balancer.pick(candidates, client) : candidates[0];
  }

  /** A member could not be connected to. */
  holdOff(member: PoolMember): void {
    member.holdOff(this.#clock.now());
  }

  /** Checks no more; members leave as their running requests end. */
  retire(): void {
    this.#checks?.stop();
    for (const member of this.#members) member.retire();
    this.#members = [];
  }

  #setMembers(pool: Pool): void {
    const leaving = new Map(this.#members.map((member) => [member.key, member]));
    this.#members = pool.members.map((configured) => {
      const key = memberKey(configured);
      const known = leaving.get(key);
      if (known === undefined) return new PoolMember(configured, this.#connections);
      leaving.delete(key);
      known.update(configured);
      return known;
    });
    for (const member of leaving.values()) {
      this.#balancer.forget(member.key);
      member.retire();
    }
  }

  #setHealthMonitor(monitor: HealthMonitor | undefined): void {
    this.#checks?.stop();
    this.#checks = undefined;
    if (monitor === undefined) {
      for (const member of this.#members) member.up = true;
    } else {
      this.#checks = new HealthChecks(monitor, this.#clock);
      this.#checks.setMembers(this.#members);
    }
  }
}

function sameMonitor(one: HealthMonitor | undefined, other: HealthMonitor | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
