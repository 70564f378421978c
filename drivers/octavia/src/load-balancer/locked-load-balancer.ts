import { type Clock, type Logger, sleep } from '@kuryr-l7/kube';
import {
  BusyError,
  ImmutableError,
  type LoadBalancer,
  NotFoundError,
  type OctaviaClient,
  PollingPace,
  type ProvisioningStatus,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import { RouterRefusedError, RouterUnavailableError, TemporaryRouterError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';
import type { Ownership } from '../ownership/ownership.js';
import { ageOf, inWords, remedyOf, setToError, titleOf } from './describe-load-balancer.js';
import { othersInError } from './others-in-error.js';

/** Times that a change is sent when nobody knows whether it was made, or when a child is locked though nothing is under way. */
const MOST_ATTEMPTS = 4;

export interface LockOptions {
  readonly octavia: OctaviaClient;
  readonly id: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that the load balancer may be PENDING before that is an error. */
  readonly pendingTimeout: number;
  readonly pace?: PollingPace;
  /** Tells what is ours from what may have spoilt our changes. */
  readonly ownership?: Ownership;
}

/** A change to something below the load balancer. */
export interface Write<T> {
  /** What is done, for messages and to learn how long such changes take: `create`, `pool`, `default_web`. */
  readonly verb: string;
  readonly kind: string;
  readonly name: string;
  readonly send: () => Promise<T>;
  /** Looks for what the change makes, after an attempt of which nobody knows the outcome. */
  readonly find?: () => Promise<T | undefined>;
  /** It repairs what {@link LockedLoadBalancer.beforeWrite} looks for. */
  readonly isRepair?: boolean;
}

/** A child of the load balancer, as far as its state goes. */
interface Child {
  readonly id: string;
  readonly provisioning_status: ProvisioningStatus;
}

/**
 * The lock that a load balancer is: every change to anything below it makes all of it immutable until it is ACTIVE again
 * (409 for everybody, measured: 0.1 to 30 s). Writes go one at a time; each returns when the load balancer is ACTIVE.
 */
export class LockedLoadBalancer {
  readonly #options: LockOptions;
  readonly #pace: PollingPace;
  /** Ends when the last write that was asked for has ended. */
  #turn: Promise<void> = Promise.resolve();
  #lockTime = 0;
  /** Called before each attempt to write; throws where a write would do harm. */
  beforeWrite: (signal: AbortSignal) => Promise<void> = async () => undefined;

  constructor(options: LockOptions) {
    this.#options = options;
    this.#pace = options.pace ?? new PollingPace();
  }

  /** Milliseconds that the last write has locked the load balancer. */
  get lockTime(): number {
    return this.#lockTime;
  }

  /**
   * Waits until the load balancer is ACTIVE; at once if it is.
   *
   * @param kind of the change that is waited for, after which the first look is worth while; absent: look first
   * @throws RouterUnavailableError when it is in ERROR, is gone, or stays PENDING for too long
   */
  async whenActive(signal: AbortSignal, kind?: string): Promise<LoadBalancer> {
    const { clock, logger, pendingTimeout } = this.#options;
    const start = clock.now();
    const delays = this.#pace.delays(kind ?? '');
    let told = false;
    const describe = (loadBalancer: LoadBalancer) =>
      `${titleOf(loadBalancer)} has been in ${loadBalancer.provisioning_status} ${ageOf(loadBalancer, clock.wallTime())}`;
    if (kind !== undefined) await sleep(clock, delays.next().value, signal);
    for (let looks = 1; ; looks += 1) {
      const loadBalancer = await this.#get(signal);
      const waited = clock.now() - start;
      const { provisioning_status: status } = loadBalancer;
      if (status === 'ACTIVE') {
        if (kind !== undefined) {
          this.#pace.took(kind, waited, looks);
          this.#lockTime = waited;
        }
        return loadBalancer;
      }
      if (status === 'ERROR' || status === 'DELETED' || status === 'PENDING_DELETE' || waited >= pendingTimeout) {
        const waitedFor = status.startsWith('PENDING') ? `, ${inWords(waited)} of them watched` : '';
        throw new RouterUnavailableError(`${describe(loadBalancer)}${waitedFor}: ${remedyOf(loadBalancer)}`);
      }
      if (!told && waited > 30_000) {
        told = true;
        logger.warn(`${describe(loadBalancer)}: ${remedyOf(loadBalancer)}`, { loadBalancer: loadBalancer.id });
      }
      await sleep(clock, delays.next().value, signal);
    }
  }

  /**
   * Makes one change and waits until the load balancer is ACTIVE again. The signal ends the waiting, never a change that
   * was sent.
   *
   * @throws KuryrError as {@link asRouterError} says; RouterUnavailableError as {@link whenActive} does
   */
  async write<T>(write: Write<T>, signal: AbortSignal): Promise<T> {
    if (write.isRepair === true) return this.#write(write, signal);
    const turn = this.#turn.then(() => this.#write(write, signal));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #write<T>(write: Write<T>, signal: AbortSignal): Promise<T> {
    const doing = `${write.verb} ${write.kind} ${write.name}`;
    const pace = `${write.verb} ${write.kind}`;
    const start = this.#options.clock.now();
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      if (write.isRepair !== true) await this.beforeWrite(signal);
      try {
        const result = await write.send();
        await this.whenActive(signal, pace);
        return result;
      } catch (error) {
        const isBusy = isLocked(error) || error instanceof BusyError;
        const isOver = isBusy
          ? this.#options.clock.now() - start >= this.#options.pendingTimeout
          : attempt >= MOST_ATTEMPTS;
        if (isOver || !isWorthAnotherTry(error)) throw asRouterError(error, doing);
        this.#options.logger.debug(`${doing} is tried again: ${error.message}`);
        if (error instanceof BusyError) await this.#wait(error.retryAfter, signal);
        await this.whenActive(signal, error instanceof ImmutableError ? undefined : pace);
        if (error instanceof UnknownOutcomeError) {
          const found = await this.#find(write, doing);
          if (found !== undefined) return found;
        } else if (error instanceof ImmutableError) {
          await this.#wait(undefined, signal);
        }
      }
    }
  }

  /**
   * Looks at the child that was changed: that the load balancer is ACTIVE says nothing of it (measured: children in ERROR
   * and in PENDING below an ACTIVE load balancer).
   *
   * @throws RouterRefusedError when it is in ERROR; TemporaryRouterError when it stays PENDING
   */
  async settled<T extends Child>(what: string, get: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, pendingTimeout } = this.#options;
    const start = clock.now();
    const delays = this.#pace.delays('');
    for (;;) {
      const child = await this.#ask(get, what);
      const { id, provisioning_status: status } = child;
      if (status === 'ACTIVE') return child;
      if (status === 'ERROR') {
        throw new RouterRefusedError(`${what} (${id}) went to ERROR: ${await this.#whyError(signal)}`);
      }
      if (clock.now() - start >= pendingTimeout) {
        throw new RouterRefusedError(
          `${what} (${id}) stays in ${status} though its load balancer is ACTIVE: an administrator has to ${setToError()}`,
        );
      }
      await sleep(clock, delays.next().value, signal);
    }
  }

  /** After a deletion: nothing of it is left. @throws TemporaryRouterError when it is still there */
  async gone(what: string, get: () => Promise<Child>): Promise<void> {
    try {
      const { id, provisioning_status: status } = await get();
      if (status === 'DELETED') return;
      throw new TemporaryRouterError(
        `${what} (${id}) is still there after it was deleted, in ${status}; it is tried again`,
      );
    } catch (error) {
      if (error instanceof NotFoundError) return;
      throw asRouterError(error, `look for ${what}`);
    }
  }

  async #whyError(signal: AbortSignal): Promise<string> {
    const { octavia, id, ownership } = this.#options;
    const others = ownership === undefined ? [] : await othersInError(octavia, id, ownership, signal);
    if (others.length === 0) {
      return 'Octavia took it and its amphora did not. It is deleted and made anew; the reason is in the log of octavia-worker';
    }
    return `its amphora takes no change while something else here is in ERROR: ${others.map(({ title }) => title).join(', ')}. That is not ours to change: have it corrected or deleted by whoever made it. Ours is made anew`;
  }

  async #get(signal: AbortSignal): Promise<LoadBalancer> {
    const { octavia, id } = this.#options;
    try {
      return await octavia.loadBalancers.get(id, { signal });
    } catch (error) {
      if (error instanceof NotFoundError) {
        throw new RouterUnavailableError(
          `load balancer ${id} is gone: somebody has deleted it. Make another one (kuryr-l7 router create) and put its UUID into [ingress] l7_router_uuid`,
          { cause: error },
        );
      }
      throw asRouterError(error, `look at load balancer ${id}`);
    }
  }

  async #find<T>({ find }: Write<T>, doing: string): Promise<T | undefined> {
    return find === undefined ? undefined : this.#ask(find, doing);
  }

  async #ask<T>(ask: () => Promise<T>, doing: string): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw asRouterError(error, doing);
    }
  }

  async #wait(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    await sleep(this.#options.clock, milliseconds ?? this.#pace.delays('').next().value, signal);
  }
}

/** Somebody else's change is under way. */
function isLocked(error: unknown): boolean {
  return error instanceof ImmutableError && /^load ?balancer$/i.test(error.object?.kind ?? '');
}

function isWorthAnotherTry(error: unknown): error is ImmutableError | UnknownOutcomeError | BusyError {
  return error instanceof ImmutableError || error instanceof UnknownOutcomeError || error instanceof BusyError;
}
