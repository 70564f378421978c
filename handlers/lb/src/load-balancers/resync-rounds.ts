import { Backoff, type Clock, FailureLog, type Logger, SYSTEM_CLOCK, sleep } from '@kuryr-l7/kube';
import type { ObjectKey } from '@kuryr-l7/plugin';

/** Milliseconds before a survey that failed is tried again; longer each time, up to the period. */
const FIRST_RETRY = 1_000;
/** Milliseconds between two looks whether changes still wait. */
const PATIENCE = 1_000;
/** What failures are told of. */
const SURVEY = 'survey';

export interface ResyncRoundsOptions {
  /** Milliseconds that a round takes. */
  readonly period: number;
  /** Begins a round: sees to what can't wait, and tells the Services whose turn is to come. */
  readonly survey: (signal: AbortSignal) => Promise<readonly ObjectKey[]>;
  /** The turn of a Service. */
  readonly lookAgain: (service: ObjectKey) => void;
  /** Whether changes wait for a worker: turns come after them. */
  readonly isBusy: () => boolean;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/**
 * Has every Service with a load balancer looked at again in each period, though nothing has happened: first all of them by
 * a survey, then one after the other, spread over the period, so that the cloud never has to answer for all at once.
 */
export class ResyncRounds {
  readonly #stopped = new AbortController();
  readonly #clock: Clock;
  #underWay: Promise<void> | undefined;

  constructor(private readonly options: ResyncRoundsOptions) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** Begins with a survey. */
  start(): void {
    this.#underWay ??= this.#run(this.#stopped.signal);
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the controller stops'));
    await this.#underWay;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { logger, period, random = Math.random } = this.options;
    const backoff = new Backoff({ initial: FIRST_RETRY, max: Math.max(FIRST_RETRY, period), random });
    const failures = new FailureLog(logger, { level: 'warn', clock: this.#clock });
    while (!signal.aborted) {
      try {
        const services = await this.options.survey(signal);
        backoff.reset();
        if (failures.clear(SURVEY)) logger.info('load balancers of Services are looked at again');
        await this.#round(services, signal);
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        failures.add(
          SURVEY,
          `load balancers of Services can not be looked at again, and what is left of Services that are gone can not be found: ${reason}; tried again`,
          {},
        );
        await sleep(this.#clock, backoff.next(), signal).catch(() => undefined);
      }
    }
  }

  async #round(services: readonly ObjectKey[], signal: AbortSignal): Promise<void> {
    const share = this.options.period / (services.length + 1);
    await this.#pause(share, signal);
    for (const service of services) {
      this.options.lookAgain(service);
      await this.#pause(share, signal);
    }
  }

  /** With jitter, so that the controllers of several clusters don't keep step. */
  async #pause(share: number, signal: AbortSignal): Promise<void> {
    const { isBusy, random = Math.random } = this.options;
    await sleep(this.#clock, share * (0.5 + random()), signal);
    while (isBusy()) await sleep(this.#clock, PATIENCE, signal);
  }
}
