import type { LivePool } from '../pool/live-pool.js';
import type { PoolMember } from '../pool/pool-member.js';
import type { Statistics } from '../statistics.js';

/** Which member of a pool serves a request: one after the other, until one does. */
export class MemberChoice {
  readonly #pool: LivePool;
  readonly #client: string;
  readonly #statistics: Statistics;
  #tried: Set<PoolMember> | undefined;
  #member: PoolMember | undefined;
  #brokenOff: PoolMember | undefined;

  /** `client`: its IP address. */
  constructor(pool: LivePool, client: string, statistics: Statistics) {
    this.#pool = pool;
    this.#client = client;
    this.#statistics = statistics;
  }

  /** The member to be asked now, which counts the request as its own until it is released; undefined if nobody is left. */
  next(): PoolMember | undefined {
    let member = this.#pool.pick(this.#client, this.#tried);
    if (member === undefined && this.#brokenOff !== undefined) {
      this.#tried?.delete(this.#brokenOff);
      member = this.#pool.pick(this.#client, this.#tried);
    }
    this.#brokenOff = undefined;
    if (member === undefined) return undefined;
    if (this.#tried !== undefined) this.#statistics.countRetry();
    member.active++;
    this.#member = member;
    return member;
  }

  /** The member could not be connected to: it is not asked again, and other requests ask it last for a while. */
  couldNotConnect(): void {
    if (this.#member !== undefined) this.#pool.holdOff(this.#member);
    this.#passOver();
  }

  /** The member closed its connection instead of answering: it is asked again, over another one, if there is nobody else. */
  brokeOff(): void {
    this.#brokenOff = this.#member;
    this.#passOver();
  }

  /** The request is no longer at a member. */
  release(): void {
    if (this.#member !== undefined) this.#member.active--;
    this.#member = undefined;
  }

  #passOver(): void {
    this.#tried ??= new Set();
    if (this.#member !== undefined) this.#tried.add(this.#member);
    this.release();
  }
}
