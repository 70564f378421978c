import { Backoff, FailureLog, type Logger, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import {
  isRouterUnavailable,
  type L7Router,
  type L7RouterDriver,
  type Refusal,
  type RouterDescription,
  TemporaryRouterError,
} from '@kuryr-l7/plugin';
import type { Change, ObservedRouter } from '@kuryr-l7/router';
import type { DesiredRouterState } from '../desired/desired-router-state.js';
import { aborted } from '../time/aborted.js';
import { pause } from '../time/pause.js';
import { deletedByOthers } from './deleted-by-others.js';
import { Quarantine } from './quarantine.js';
import { RouterPass } from './router-pass.js';
import { Turnstile } from './turnstile.js';

export interface RouterWriterOptions {
  readonly driver: L7RouterDriver;
  /** Called before each attempt to open the router. */
  readonly beforeOpen?: () => void;
  readonly desired: DesiredRouterState;
  readonly logger: Logger;
  /** Milliseconds between two comparisons with the router. */
  readonly resyncPeriod: number;
  /** Milliseconds to wait after a change for others that come with it. */
  readonly coalesceWindow: number;
}

/** For /readyz, /metrics and `kuryr-l7 status`. */
export interface RouterWriterState {
  readonly phase: 'waiting' | 'opening' | 'open' | 'stopped';
  /** Why the router is not up to date; absent when it is, or is about to be. */
  readonly problem?: string;
  readonly description?: RouterDescription;
  readonly appliedRevision: number;
  /** What the router refuses; it is tried again with back-off, and the rest is up to date. */
  readonly refusals: readonly Refusal[];
  readonly writes: number;
  readonly failures: number;
}

/** What the router has. */
export interface Observation {
  readonly observed: ObservedRouter;
  /** Milliseconds since it had that: 0, or the time since it was last read or written where it was too busy to be read now. */
  readonly age: number;
}

/** A plan against the router as it is: what `kuryr-l7 plan` prints. */
export interface LivePlan {
  readonly router: L7Router;
  readonly changes: readonly Change[];
  /** As {@link Observation} has it. */
  readonly age: number;
}

/** Milliseconds between two comparisons in every detail; those in between may rely on what a driver remembers. */
const FULL_PERIOD = 3_600_000;

/** What failures are told of: there is one router. */
const ROUTER = 'router';

/** Milliseconds that a change under way is given to end when the writer stops. */
const STOP_GRACE = 15_000;

/**
 * The one writer of the router: observe, plan, apply one change after the other, report. It never gives up: a router that
 * can't be opened or written is tried again with back-off, and what it refuses for good is put aside so that the rest
 * goes on.
 */
export class RouterWriter {
  readonly #options: RouterWriterOptions;
  readonly #stopping = new AbortController();
  readonly #cut = new AbortController();
  readonly #quarantine = new Quarantine();
  readonly #turnstile = new Turnstile();
  readonly #failureLog: FailureLog;
  /** Of the open router, as it was last read or written. */
  #last: { readonly observed: ObservedRouter; readonly at: number } | undefined;
  #phase: RouterWriterState['phase'] = 'waiting';
  #problem: string | undefined;
  #router: L7Router | undefined;
  #writes = 0;
  #failures = 0;
  #appliedRevision = -1;
  #running: Promise<void> | undefined;
  #wake = new AbortController();

  constructor(options: RouterWriterOptions) {
    this.#options = options;
    this.#failureLog = new FailureLog(options.logger, { level: 'error' });
  }

  get state(): RouterWriterState {
    return {
      phase: this.#phase,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(this.#router === undefined ? {} : { description: this.#router.description }),
      appliedRevision: this.#appliedRevision,
      refusals: this.#quarantine.refusals(),
      writes: this.#writes,
      failures: this.#failures,
    };
  }

  /** The open router. */
  get router(): L7Router | undefined {
    return this.#router;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Lets the change that is under way end, for at most `grace` milliseconds, then lets go of the router. */
  async stop(grace: number = STOP_GRACE): Promise<void> {
    this.#stopping.abort();
    const timer = setTimeout(() => this.#cut.abort(), grace);
    await this.#running;
    clearTimeout(timer);
  }

  /**
   * What the router has now, in every detail, between two changes; as it was last known, where that has not come when the
   * signal is aborted. Undefined while no router is open.
   *
   * @throws TemporaryRouterError where nothing is known either; what the driver throws
   */
  async observe(signal: AbortSignal): Promise<Observation | undefined> {
    const router = this.#router;
    if (router === undefined) return undefined;
    const reading = this.#turnstile.pass(async () => {
      signal.throwIfAborted();
      return router.snapshot({ full: true, aside: true }, signal);
    });
    try {
      const observed = await Promise.race([reading, aborted(signal).then(() => signal.throwIfAborted())]);
      if (observed !== undefined) return { observed, age: 0 };
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const last = this.#last;
    if (last !== undefined) return { observed: last.observed, age: SYSTEM_CLOCK.now() - last.at };
    throw new TemporaryRouterError(
      `L7 router ${router.description.name} is busy, and was not read since it was opened: ask again later`,
    );
  }

  /** Compares what is wanted with the router as it is now; writes nothing. Undefined while no router is open. */
  async plan(signal: AbortSignal): Promise<LivePlan | undefined> {
    const router = this.#router;
    const observation = await this.observe(signal);
    if (router === undefined || observation === undefined) return undefined;
    const { observed, age } = observation;
    return { router, changes: this.#pass(router, observed).plan(), age };
  }

  async #run(): Promise<void> {
    const { driver, beforeOpen, logger, desired } = this.#options;
    const { signal } = this.#stopping;
    const unsubscribe = desired.onChange(() => this.#wake.abort());
    const backOff = new Backoff({ initial: 1_000, max: 60_000 });
    while (!signal.aborted) {
      try {
        this.#phase = 'opening';
        beforeOpen?.();
        const router = await driver.open(signal);
        this.#router = router;
        this.#phase = 'open';
        this.#problem = undefined;
        desired.routerOpened(router.description.addressFamily, router.capabilities);
        const { id, name } = router.description;
        logger.info(`L7 router ${name} is open`, { router: id, driver: driver.name });
        await this.#serve(router, backOff);
      } catch (error) {
        this.#failed(error, `L7 router driver ${driver.name}`);
      }
      const router = this.#router;
      this.#router = undefined;
      this.#last = undefined;
      await router?.close().catch((error: unknown) => this.#failed(error, 'closing the L7 router'));
      await pause(backOff.next(), signal);
    }
    unsubscribe();
    this.#phase = 'stopped';
  }

  /** Keeps an open router up to date until the process stops or the router has to be opened anew (throws). */
  async #serve(router: L7Router, openBackOff: Backoff): Promise<void> {
    const { desired, resyncPeriod, coalesceWindow } = this.#options;
    const { signal } = this.#stopping;
    const backOff = new Backoff({ initial: 500, max: 30_000 });
    let observed: ObservedRouter | undefined;
    let observedAt = 0;
    let fullyObservedAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      if (!desired.started) {
        await aborted(woken);
        continue;
      }
      try {
        if (observed === undefined || SYSTEM_CLOCK.now() - observedAt >= resyncPeriod) {
          const full = observed === undefined || SYSTEM_CLOCK.now() - fullyObservedAt >= FULL_PERIOD;
          observed = await this.#read(router, full, observed);
          observedAt = SYSTEM_CLOCK.now();
          if (full) fullyObservedAt = observedAt;
          this.#appliedRevision = -1;
        }
        if (this.#appliedRevision !== desired.revision || this.#quarantine.nextRetry() === 0) {
          observed = await this.#converge(router, observed);
        }
        this.#recovered(router);
        backOff.reset();
        openBackOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        if (isRouterUnavailable(error)) throw error;
        this.#failed(error, `L7 router ${router.description.name}`);
        observed = undefined;
        await pause(backOff.next(), signal);
        continue;
      }
      if (this.#appliedRevision === desired.revision) {
        const untilResync = resyncPeriod - (SYSTEM_CLOCK.now() - observedAt);
        await pause(Math.max(0, Math.min(untilResync, this.#quarantine.nextRetry() ?? untilResync)), woken);
      }
      await pause(coalesceWindow, signal);
    }
  }

  /** @param known what it had when it was last read or written, where that went well */
  async #read(router: L7Router, full: boolean, known: ObservedRouter | undefined): Promise<ObservedRouter> {
    const observed = await this.#turnstile.pass(() => router.snapshot({ full }, this.#stopping.signal));
    this.#knows(observed);
    for (const what of known === undefined ? [] : deletedByOthers(known, observed)) {
      this.#options.logger.warn(`${what} is gone: somebody else has deleted it`, { router: router.description.id });
    }
    return observed;
  }

  #knows(observed: ObservedRouter): void {
    this.#last = { observed, at: SYSTEM_CLOCK.now() };
  }

  #recovered({ description: { id, name } }: L7Router): void {
    this.#problem = undefined;
    if (this.#quarantine.refusals().length > 0 || !this.#failureLog.clear(ROUTER)) return;
    this.#options.logger.info(`L7 router ${name} is up to date again`, { router: id });
  }

  async #converge(router: L7Router, start: ObservedRouter): Promise<ObservedRouter> {
    const { observed, applied } = await this.#pass(router, start).run();
    if (applied === undefined) return observed;
    this.#appliedRevision = applied.revision;
    const { description } = router;
    const refusals = this.#quarantine.refusals();
    this.#options.desired.applied({ description, refusals, compilations: applied.compilations });
    return observed;
  }

  #pass(router: L7Router, observed: ObservedRouter): RouterPass {
    const { desired, logger } = this.#options;
    const options = {
      router,
      desired,
      logger,
      quarantine: this.#quarantine,
      turnstile: this.#turnstile,
      stopping: this.#stopping.signal,
      cut: this.#cut.signal,
      onWrite: () => {
        this.#writes += 1;
      },
      onObserved: (now: ObservedRouter) => this.#knows(now),
      onRefusal: (change: string, error: Error) => this.#failed(error, change),
    };
    return new RouterPass(options, observed);
  }

  #failed(error: unknown, what: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#failures += 1;
    this.#problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.#failureLog.add(ROUTER, this.#problem, error instanceof Error && 'code' in error ? { code: error.code } : {});
  }
}
