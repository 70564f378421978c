import type { Member } from '@kuryr-l7/router';
import { Pool as ConnectionPool, type Dispatcher } from 'undici';
import type { Candidate } from '../balancing/candidate.js';
import type { MemberConnections } from './member-connections.js';

/** A member that refused a connection is asked again after so many milliseconds, or sooner where nobody else is left. */
export const HOLD_OFF_MILLISECONDS = 1_000;

export function memberKey(member: Pick<Member, 'address' | 'port'>): string {
  return member.address.includes(':') ? `[${member.address}]:${member.port}` : `${member.address}:${member.port}`;
}

/** A member of a live pool: its connections, and what is known of it. It outlives changes of the pool's other settings. */
export class PoolMember implements Candidate {
  readonly key: string;
  readonly address: string;
  readonly port: number;
  weight: number;
  backup: boolean;
  /** What the health monitor says; true without one. */
  up = true;
  active = 0;
  readonly #connections: MemberConnections;
  #pool: ConnectionPool | undefined;
  #heldOffUntil = Number.NEGATIVE_INFINITY;

  constructor(member: Member, connections: MemberConnections) {
    this.key = memberKey(member);
    this.address = member.address;
    this.port = member.port;
    this.weight = member.weight;
    this.backup = member.backup;
    this.#connections = connections;
  }

  update(member: Member): void {
    this.weight = member.weight;
    this.backup = member.backup;
  }

  /** Sends a request over a kept connection, or a new one. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#pool ??= this.#connections.open(`http://${this.key}`);
    this.#pool.dispatch(options, handler);
  }

  /** It could not be connected to. */
  holdOff(now: number): void {
    this.#heldOffUntil = now + HOLD_OFF_MILLISECONDS;
  }

  isHeldOff(now: number): boolean {
    return now < this.#heldOffUntil;
  }

  /** Takes no new requests; its connections close when the running ones have ended. */
  retire(): void {
    const pool = this.#pool;
    this.#pool = undefined;
    if (pool !== undefined) this.#connections.close(pool);
  }
}
