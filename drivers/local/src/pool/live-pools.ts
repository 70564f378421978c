import type { Pool } from '@kuryr-l7/router';
import type { Clock } from '../clock.js';
import type { Timeouts } from '../local-router-options.js';
import type { Statistics } from '../statistics.js';
import { LivePool } from './live-pool.js';
import { MemberConnections } from './member-connections.js';

/** The pools at work, by name. */
export class LivePools {
  readonly #pools = new Map<string, LivePool>();
  readonly #connections: MemberConnections;
  readonly #clock: Clock;
  readonly #statistics: Statistics;

  constructor(timeouts: Timeouts, clock: Clock, statistics: Statistics) {
    this.#connections = new MemberConnections(timeouts);
    this.#clock = clock;
    this.#statistics = statistics;
  }

  get(name: string): LivePool | undefined {
    return this.#pools.get(name);
  }

  /** Takes over a configuration. A pool that is the same object as before costs one comparison. */
  update(pools: readonly Pool[]): void {
    for (const pool of pools) {
      const live = this.#pools.get(pool.name);
      if (live === undefined) this.#pools.set(pool.name, new LivePool(pool, this.#connections, this.#clock));
      else live.update(pool);
    }
    if (this.#pools.size > pools.length) {
      const names = new Set(pools.map((pool) => pool.name));
      for (const [name, live] of this.#pools) {
        if (!names.has(name)) this.#remove(name, live);
      }
    }
  }

  /** Aborts what still runs and closes every connection. */
  async destroy(): Promise<void> {
    for (const [name, live] of this.#pools) this.#remove(name, live);
    await this.#connections.destroy();
  }

  #remove(name: string, live: LivePool): void {
    this.#pools.delete(name);
    this.#statistics.forgetPool(name);
    live.retire();
  }
}
