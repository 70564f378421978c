import { type Clock, type Logger, sleep } from '@kuryr-l7/kube';
import {
  BusyError,
  ImmutableError,
  type LoadBalancer,
  NotFoundError,
  type OctaviaClient,
  type PollingPace,
  pendingRemedy,
} from '@kuryr-l7/openstack';
import { LoadBalancerPendingError } from '@kuryr-l7/plugin';
import { asLoadBalancerError, LoadBalancerNotReadyError } from '../errors.js';
import type { PendingLoadBalancers } from './pending-load-balancers.js';

export interface LoadBalancerLockOptions {
  readonly octavia: OctaviaClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a load balancer may be PENDING before that is told. */
  readonly pendingTimeout: number;
  readonly pace: PollingPace;
  /** Those that were PENDING when they were last looked at, by whichever lock. */
  readonly pending: PendingLoadBalancers;
}

/**
 * Milliseconds that a worker waits for a load balancer that is PENDING: by a write of its own, which takes as long as an
 * amphora boots, and by somebody else's. One that is stuck, as when its compute node is down, keeps no worker from others.
 */
const PATIENCE = { own: 60_000, others: 3_000 } as const;

/** What is waited for, and what to do where it lasts; for messages. */
interface Wait {
  readonly what: string;
  readonly remedy: string;
}

/** Kinds of writes are learned apart, see {@link PollingPace}. */
export type WriteKind = 'create load balancer' | 'delete load balancer' | 'change load balancer';

/**
 * Waits for the lock that every write takes on a whole load balancer: it is PENDING until the write is in effect, and all
 * others are refused with 409 meanwhile.
 */
export class LoadBalancerLock {
  constructor(private readonly options: LoadBalancerLockOptions) {}

  /**
   * Waits until it is neither PENDING nor being deleted; undefined when it is gone.
   *
   * @param kind of the write that was just made; absent: look at once
   * @throws LoadBalancerPendingError when it stays PENDING; LoadBalancerNotReadyError when that lasts too long, once in each
   *   `pendingTimeout`
   */
  async settled(id: string, signal: AbortSignal, kind?: WriteKind): Promise<LoadBalancer | undefined> {
    const { clock, pace, pending } = this.options;
    const patience = kind === undefined ? PATIENCE.others : PATIENCE.own;
    const start = clock.now();
    const delays = pace.delays(kind ?? '');
    if (kind !== undefined) await sleep(clock, delays.next().value, signal);
    for (let looks = 1; ; looks += 1) {
      const loadBalancer = await this.#get(id, signal);
      const status = loadBalancer?.provisioning_status ?? 'DELETED';
      if (status === 'ACTIVE' || status === 'ERROR' || status === 'DELETED') {
        if (kind !== undefined) pace.took(kind, clock.now() - start, looks);
        pending.end(id);
        if (status === 'DELETED') pending.end(`writes to ${id}`);
        return status === 'DELETED' ? undefined : loadBalancer;
      }
      this.#requirePatience(id, patience, {
        what: `load balancer ${loadBalancer?.name} (${id}) has been in ${status}`,
        remedy: `nothing can be changed meanwhile; ${pendingRemedy(id)}`,
      });
      await sleep(clock, delays.next().value, signal);
    }
  }

  /**
   * Makes one write and waits until it is in effect. Somebody else's write is waited for, as `settled` does.
   *
   * @param id of the load balancer
   * @param doing for messages
   * @param kind of the write
   * @throws as `settled`; KuryrError as {@link asLoadBalancerError} says
   */
  async write(
    id: string,
    doing: string,
    send: () => Promise<unknown>,
    signal: AbortSignal,
    kind: WriteKind = 'change load balancer',
  ): Promise<void> {
    const { clock, logger, pace, pending } = this.options;
    const refused = `writes to ${id}`;
    for (;;) {
      signal.throwIfAborted();
      try {
        await send();
        pending.end(refused);
        break;
      } catch (error) {
        if (!(error instanceof ImmutableError) && !(error instanceof BusyError)) {
          pending.end(refused);
          throw asLoadBalancerError(error, doing);
        }
        logger.debug(`${doing} waits: ${error.message}`);
        this.#requirePatience(refused, PATIENCE.others, {
          what: `${doing} has been refused (${error.message})`,
          remedy:
            'something below the load balancer may be PENDING for good, as with Octavia before 12.0.0, where an administrator has to delete it',
        });
        const wait = error.retryAfter ?? pace.delays('').next().value;
        await sleep(clock, Math.min(wait, PATIENCE.others), signal);
        const there = await this.settled(id, signal);
        if (there?.provisioning_status !== 'ACTIVE') throw asLoadBalancerError(error, doing);
      }
    }
    await this.settled(id, signal, kind);
  }

  /** @param key of what is waited for */
  #requirePatience(key: string, patience: number, { what, remedy }: Wait): void {
    const { clock, pendingTimeout, pending } = this.options;
    const now = clock.now();
    const since = pending.see(key, now);
    if (pending.isToBeTold(key, now, pendingTimeout)) {
      throw new LoadBalancerNotReadyError(`${what} for over ${pendingTimeout / 1_000} seconds: ${remedy}`);
    }
    if (now - since >= patience) throw new LoadBalancerPendingError(what);
  }

  async #get(id: string, signal: AbortSignal): Promise<LoadBalancer | undefined> {
    try {
      return await this.options.octavia.loadBalancers.get(id, { signal });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw asLoadBalancerError(error, `look at load balancer ${id}`);
    }
  }
}
