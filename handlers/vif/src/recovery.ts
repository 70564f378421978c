import { type Clock, FailureLog, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import type { Logger } from '@kuryr-l7/plugin';

/** Milliseconds until a recovery that failed is tried again where nobody asks for it. */
const RETRY = 30_000;

/** What has to have succeeded once before anything else, tried again whenever it is asked for. */
export class Recovery {
  #isDone = false;
  #underWay: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  readonly #stopped = new AbortController();

  constructor(
    private readonly recover: (signal: AbortSignal) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Tries until it has succeeded. */
  begin(clock: Clock = SYSTEM_CLOCK): void {
    this.#try(clock, new FailureLog(this.logger, { level: 'warn', clock }));
  }

  /** However many ask, one try at a time; what it throws, all are told. */
  async done(signal: AbortSignal): Promise<void> {
    if (this.#isDone) return;
    this.#underWay ??= this.recover(this.#stopped.signal)
      .then(() => {
        this.#isDone = true;
      })
      .finally(() => {
        this.#underWay = undefined;
      });
    await this.#underWay;
    signal.throwIfAborted();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    this.#stopped.abort(new Error('the controller stops'));
    await this.#underWay?.catch(() => undefined);
  }

  #try(clock: Clock, failures: FailureLog): void {
    this.done(this.#stopped.signal).catch((error: unknown) => {
      if (this.#stopped.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      failures.add('recovery', `VIFs that Pods have left behind are not known yet: ${reason}; tried again`, {});
      this.#cancel = clock.schedule(() => this.#try(clock, failures), RETRY);
    });
  }
}
