import type { Logger } from '@kuryr-l7/kube';
import {
  type L7Router,
  type L7RouterDriver,
  type RouterDescription,
  RouterRefusedError,
  RouterUnavailableError,
} from '@kuryr-l7/plugin';
import {
  applyChange,
  type Change,
  describeChange,
  mergePolicies,
  type ObservedRouter,
  plan,
  type Router,
  type Source,
} from '@kuryr-l7/router';
import type { DesiredRouterState, DesiredSnapshot } from '../desired/desired-router-state.js';
import { BackOff } from '../time/back-off.js';
import { delay } from '../time/delay.js';
import { holdRoutes } from './hold-routes.js';
import { Quarantine } from './quarantine.js';

export interface RouterWriterOptions {
  readonly driver: L7RouterDriver;
  readonly desired: DesiredRouterState;
  readonly logger: Logger;
  /** Milliseconds between two full comparisons with the router. */
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
  readonly writes: number;
  readonly failures: number;
}

/** A plan against the router as it is: what `kuryr-l7 plan` prints. */
export interface LivePlan {
  readonly router: L7Router;
  readonly changes: readonly Change[];
}

/**
 * The one writer of the router: observe, plan, apply one change after the other, report. A newer desired state between
 * two changes is planned for at once. It never gives up: a router that can't be opened or written is tried again with
 * back-off, and what it refuses for good is put aside so that the rest goes on.
 */
export class RouterWriter {
  readonly #abort = new AbortController();
  readonly #quarantine = new Quarantine();
  readonly #options: RouterWriterOptions;
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
  }

  get state(): RouterWriterState {
    return {
      phase: this.#phase,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(this.#router === undefined ? {} : { description: this.#router.description }),
      appliedRevision: this.#appliedRevision,
      writes: this.#writes,
      failures: this.#failures,
    };
  }

  get router(): L7Router | undefined {
    return this.#router;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the change that is under way, then lets go of the router. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  /** Compares what is wanted with the router as it is now; writes nothing. Undefined while no router is open. */
  async plan(signal: AbortSignal): Promise<LivePlan | undefined> {
    const router = this.#router;
    if (router === undefined) return undefined;
    const observed = await router.snapshot({ full: true }, signal);
    const desired = this.#desiredRouter(this.#options.desired.snapshot(), router, observed);
    return { router, changes: plan(desired, observed, router.capabilities) };
  }

  async #run(): Promise<void> {
    const { driver, logger, desired } = this.#options;
    const signal = this.#abort.signal;
    const unsubscribe = desired.onChange(() => this.#wake.abort());
    const backOff = new BackOff(1_000, 60_000);
    while (!signal.aborted) {
      try {
        this.#phase = 'opening';
        const router = await driver.open(signal);
        this.#router = router;
        this.#phase = 'open';
        this.#problem = undefined;
        desired.routerOpened(router.description.addressFamily, router.capabilities);
        logger.info(`L7 router ${router.description.name} is open`, {
          router: router.description.id,
          driver: driver.name,
        });
        await this.#serve(router, backOff);
      } catch (error) {
        this.#failed(error, `L7 router driver ${driver.name}`);
      }
      const router = this.#router;
      this.#router = undefined;
      await router?.close().catch((error: unknown) => this.#failed(error, 'closing the L7 router'));
      await delay(backOff.next(), signal);
    }
    unsubscribe();
    this.#phase = 'stopped';
  }

  /** Keeps an open router up to date until the process stops or the router has to be opened anew (throws). */
  async #serve(router: L7Router, openBackOff: BackOff): Promise<void> {
    const { desired, resyncPeriod, coalesceWindow, logger } = this.#options;
    const signal = this.#abort.signal;
    const backOff = new BackOff(500, 30_000);
    let observed: ObservedRouter | undefined;
    let observedAt = 0;
    this.#appliedRevision = -1;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      if (desired.started) {
        try {
          const due = Date.now() - observedAt >= resyncPeriod;
          if (observed === undefined || due) {
            observed = await router.snapshot({ full: observed === undefined || due }, signal);
            observedAt = Date.now();
            this.#appliedRevision = -1;
          }
          if (this.#appliedRevision !== desired.revision || this.#quarantine.due) {
            observed = await this.#converge(router, observed);
          }
          this.#problem = undefined;
          backOff.reset();
          openBackOff.reset();
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof RouterUnavailableError) throw error;
          this.#failed(error, `L7 router ${router.description.name}`);
          observed = undefined;
          await delay(backOff.next(), signal);
          continue;
        }
      }
      const wait = Math.min(resyncPeriod - (Date.now() - observedAt), this.#quarantine.nextRetry() ?? resyncPeriod);
      if (!desired.started || this.#appliedRevision === desired.revision) {
        await delay(Math.max(wait, 0), AbortSignal.any([signal, this.#wake.signal]));
      }
      await delay(coalesceWindow, signal);
    }
    logger.debug('the writer of the L7 router stops');
  }

  /** Plans and applies until the newest desired state is in effect; answers what the router has then. */
  async #converge(router: L7Router, start: ObservedRouter): Promise<ObservedRouter> {
    const { desired, logger } = this.#options;
    let observed = start;
    while (!this.#abort.signal.aborted) {
      const wanted = desired.snapshot();
      const target = this.#desiredRouter(wanted, router, observed);
      const changes = plan(target, observed, router.capabilities);
      if (changes.length > 0 && router.replace !== undefined) {
        await router.replace(target, this.#abort.signal);
        this.#writes += 1;
        observed = await router.snapshot({ full: false }, this.#abort.signal);
      } else {
        const rest = await this.#applyInOrder(router, changes, observed, wanted.revision);
        observed = rest.observed;
        if (!rest.finished) continue;
      }
      if (changes.length > 0) logger.debug(`${changes.length} changes are in effect`, { revision: wanted.revision });
      this.#quarantine.passed();
      this.#appliedRevision = wanted.revision;
      desired.applied({
        description: router.description,
        refusals: this.#quarantine.refusals(),
        compilations: wanted.compilations,
      });
      return observed;
    }
    return observed;
  }

  /** Applies a plan. Not finished: a newer desired state came, or a change was refused and put aside; plan again. */
  async #applyInOrder(
    router: L7Router,
    changes: readonly Change[],
    start: ObservedRouter,
    revision: number,
  ): Promise<{ readonly observed: ObservedRouter; readonly finished: boolean }> {
    let observed = start;
    for (const change of changes) {
      if (this.#abort.signal.aborted || this.#options.desired.revision !== revision)
        return { observed, finished: false };
      try {
        await router.apply(change, this.#abort.signal);
      } catch (error) {
        if (!(error instanceof RouterRefusedError)) throw error;
        this.#quarantine.add(change, sourceOf(change, observed), `${describeChange(change)}: ${error.message}`);
        this.#failed(error, describeChange(change));
        return { observed: await router.snapshot({ full: true }, this.#abort.signal), finished: false };
      }
      this.#writes += 1;
      this.#options.logger.info(describeChange(change), { router: router.description.id });
      observed = applyChange(observed, change);
    }
    return { observed, finished: true };
  }

  #desiredRouter(wanted: DesiredSnapshot, router: L7Router, observed: ObservedRouter): Router {
    const unfilled: string[] = [];
    const pools = wanted.pools.flatMap(({ request, pool }) => {
      if (pool === undefined) unfilled.push(request.name);
      return pool === undefined ? [] : [pool];
    });
    const policies = mergePolicies([...wanted.compilations.values()]);
    const holds = this.#quarantine.holds(unfilled);
    return holdRoutes(policies, pools, router.description.listeners, observed, holds);
  }

  #failed(error: unknown, what: string): void {
    if (this.#abort.signal.aborted) return;
    this.#failures += 1;
    this.#problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.#options.logger.error(this.#problem, error instanceof Error && 'code' in error ? { code: error.code } : {});
  }
}

function sourceOf(change: Change, observed: ObservedRouter): Source {
  if (change.type === 'createPolicy') return change.policy.source;
  if (change.type === 'createPool' || change.type === 'updatePool') return change.pool.source;
  const found =
    'listener' in change
      ? observed.listeners.find(({ key }) => key === change.listener)?.policies.find(({ key }) => key === change.policy)
      : observed.pools.find(({ name }) => name === change.pool);
  return found?.source ?? { kind: '', namespace: '', name: '' };
}
