import { buildConnector, Pool as ConnectionPool } from 'undici';
import type { Timeouts } from '../local-router-options.js';

/** Longest head of a member's answer, in bytes. */
const MAX_RESPONSE_HEAD = 65_536;

/** Keeps account of the connection pools of all members, those of removed members too until their requests have ended. */
export class MemberConnections {
  readonly #open = new Set<ConnectionPool>();
  readonly #options: ConnectionPool.Options;

  constructor(timeouts: Timeouts) {
    this.#options = {
      connect: buildConnector({ timeout: timeouts.memberConnect }),
      headersTimeout: timeouts.memberData,
      bodyTimeout: timeouts.memberData,
      maxHeaderSize: MAX_RESPONSE_HEAD,
    };
  }

  open(origin: string): ConnectionPool {
    const pool = new ConnectionPool(origin, this.#options);
    this.#open.add(pool);
    return pool;
  }

  /** Closes a pool when its running requests have ended. */
  close(pool: ConnectionPool): void {
    void pool.close().then(() => this.#open.delete(pool));
  }

  /** Aborts what still runs and closes every connection. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#open].map((pool) => pool.destroy()));
    this.#open.clear();
  }
}
