import {
  type Clock,
  type Failure,
  FailureLog,
  type Logger,
  type SharedWatcher,
  SYSTEM_CLOCK,
  splitKey,
  type WatchedKind,
  WorkQueue,
} from '@kuryr-l7/kube';
import { type Handler, hasCode, type ObjectKey } from '@kuryr-l7/plugin';

export interface HandlerPipelineOptions {
  readonly handler: Handler;
  readonly watcher: SharedWatcher;
  readonly logger: Logger;
  /** Objects handled at once. */
  readonly workers: number;
  readonly clock?: Clock;
}

/** Milliseconds for the first call for each object, together. */
const FIRST_ROUND_TIME = 30_000;
/** Milliseconds until the next try from which also a wait is worth telling: it does not pass by itself. */
const WORTH_TELLING = 60_000;

/** Watcher -> queue -> handler: each object's newest version, one call at a time for one object, failures with back-off. */
export class HandlerPipeline {
  readonly handler: Handler;
  readonly queue: WorkQueue;
  readonly #watched: readonly WatchedKind[];
  readonly #watcher: SharedWatcher;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #logger: Logger;
  readonly #failures: FailureLog;

  constructor({ handler, watcher, logger, workers, clock = SYSTEM_CLOCK }: HandlerPipelineOptions) {
    this.handler = handler;
    this.#watcher = watcher;
    this.#logger = logger;
    this.#failures = new FailureLog(logger, { level: 'warn', clock });
    const watched = new Set<WatchedKind>();
    this.queue = new WorkQueue({
      name: handler.name,
      concurrency: workers,
      clock,
      process: (key, signal) => this.#handle(key, signal),
      onError: (key, error, retryIn) => this.#failed(key, error, retryIn),
    });
    handler.start?.({
      watch: (kind) => {
        const result = watcher.watch(kind);
        watched.add(result as unknown as WatchedKind);
        return result;
      },
      enqueue: (key) => this.queue.add(key),
    });
    watched.add(watcher.watch(handler.kind));
    this.#unsubscribe.push(watcher.watch(handler.kind).subscribe(({ key }) => this.queue.add(key)));
    for (const trigger of handler.triggers ?? []) {
      const kind = watcher.watch(trigger.kind);
      watched.add(kind);
      this.#unsubscribe.push(
        kind.subscribe(({ object, previous }) => {
          for (const key of trigger.keys(object)) this.queue.add(key);
          if (previous !== undefined) for (const key of trigger.keys(previous)) this.queue.add(key);
        }),
      );
    }
    this.#watched = [...watched];
  }

  /** Starts handling when every kind that the handler watches has been listed; resolves when each object was tried once. */
  async start(): Promise<void> {
    await Promise.all(this.#watched.map(({ synced }) => synced));
    this.queue.start();
    await this.#firstRound();
    try {
      this.handler.synced?.();
    } catch (error) {
      this.#logger.error(`handler ${this.handler.name} failed when all was listed`, { error });
    }
  }

  /** One object that is never done with must not keep the others from being routed. */
  async #firstRound(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#logger.warn(`handler ${this.handler.name} is still busy with the first objects; it goes on without them`);
        resolve();
      }, FIRST_ROUND_TIME);
    });
    try {
      await Promise.race([this.queue.drained(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Objects that the handler fails with, each once: in calls, whose reason comes first, and in work of its own. */
  get failing(): readonly Failure[] {
    const failing = new Map<ObjectKey, Failure>();
    for (const failure of [...this.#failures.failing, ...this.#failingInOwnWork()]) {
      const { key, since } = failure;
      const known = failing.get(key);
      failing.set(key, known === undefined ? failure : { ...known, since: Math.min(known.since, since) });
    }
    return [...failing.values()];
  }

  /** Handles every object anew, changed or not. */
  reconcile(): void {
    for (const key of this.#watcher.watch(this.handler.kind).store.keys()) this.queue.add(key);
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.queue.stop();
    await this.handler.stop?.();
  }

  /** What one plugin throws is logged, and makes nothing unready. */
  #failingInOwnWork(): readonly Failure[] {
    try {
      const failing = this.handler.failing?.() ?? [];
      for (const { key, since } of failing) {
        if (!Number.isFinite(new Date(since).getTime())) throw new TypeError(`since of ${key} is no time: ${since}`);
      }
      return failing;
    } catch (error) {
      this.#logger.error(`handler ${this.handler.name} can not tell what it fails with`, { error });
      return [];
    }
  }

  async #handle(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const object = this.#watcher.watch(this.handler.kind).store.get(key);
    if (object === undefined) await this.handler.onDeleted(key, signal);
    else await this.handler.onPresent(object, signal);
    if (!this.#failures.clear(key) || object === undefined) return;
    // The handler may go on to fail with it in work of its own.
    if (this.#failingInOwnWork().some((failure) => failure.key === key)) return;
    this.#logger.info(`${this.handler.kind.kind} ${key}: all is well again`);
  }

  #failed(key: ObjectKey, error: unknown, retryInMilliseconds: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    const fields = { handler: this.handler.name, kind: this.handler.kind.kind, ...splitKey(key) };
    const text = `${this.handler.kind.kind} ${key}: ${reason}; tried again in ${(retryInMilliseconds / 1_000).toFixed(1)} s`;
    const isUsual = hasCode(error, 'ERR_NOT_READY') && retryInMilliseconds < WORTH_TELLING;
    if (isUsual) this.#logger.debug(text, fields);
    else this.#failures.add(key, text, fields, reason);
  }
}
