import { backoffDelay } from './backoff.js';
import { type Clock, SYSTEM_CLOCK } from './clock.js';

export interface WorkQueueOptions {
  /** For people and metrics. */
  readonly name: string;
  /** Works on a key with whatever is known now; throws to have it tried again. */
  readonly process: (key: string, signal: AbortSignal) => Promise<void>;
  /** Keys processed at once. @default 4 */
  readonly concurrency?: number;
  /** Milliseconds before a failed key is tried again; doubles with each failure in a row. @default 5 */
  readonly initialBackoff?: number;
  /** Milliseconds. @default 300_000 */
  readonly maxBackoff?: number;
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Told of each failure; `retryIn` is the milliseconds until the next try. */
  readonly onError?: (key: string, error: unknown, retryIn: number) => void;
}

interface Failures {
  count: number;
  /** Cancels the next try; undefined while the key waits or is processed. */
  cancel: (() => void) | undefined;
}

/** Keys worked on before timers and sockets have their turn. */
const RUNS_PER_TURN = 25;

/**
 * Keys to be worked on, after client-go's work queue: a key that waits is there once; a key is processed by one worker
 * at a time, and again if it was added meanwhile; one that fails comes back later and later, and nobody waits for it.
 */
export class WorkQueue {
  readonly name: string;
  readonly #clock: Clock;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  /** Added while they were processed. */
  readonly #dirty = new Set<string>();
  readonly #failures = new Map<string, Failures>();
  readonly #later = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  /** Told of each key that was tried. */
  readonly #watchers = new Set<(key: string) => void>();
  readonly #stopped = new AbortController();
  #started = false;
  #runs = 0;
  #retries = 0;

  constructor(private readonly options: WorkQueueOptions) {
    this.name = options.name;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Keys that are being processed. */
  get inFlight(): number {
    return this.#running.size;
  }

  /** Tries after a failure, since the start. */
  get retries(): number {
    return this.#retries;
  }

  /** Keys that failed the last time they were tried. */
  get failing(): number {
    return this.#failures.size;
  }

  /** Has the key processed as soon as a worker is free; a failing one at once, too. */
  add(key: string): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#running.has(key)) this.#dirty.add(key);
    else this.#waiting.add(key);
    this.#pump();
  }

  /** Adds the key in `delay` milliseconds; of several such calls the earliest time counts. */
  addAfter(key: string, delay: number): void {
    if (this.#stopped.signal.aborted) return;
    const at = this.#clock.now() + delay;
    const planned = this.#later.get(key);
    if (planned !== undefined && planned.at <= at) return;
    planned?.cancel();
    const cancel = this.#clock.schedule(() => {
      this.#later.delete(key);
      this.add(key);
    }, delay);
    this.#later.set(key, { at, cancel });
  }

  /** Nothing is processed before. */
  start(): void {
    this.#started = true;
    this.#pump();
  }

  /**
   * Resolves when every key that waits or is processed now has been tried (succeeded or failed) once more. Rejects when
   * the queue is stopped before.
   */
  drained(): Promise<void> {
    const open = new Map<string, number>();
    for (const key of this.#waiting) open.set(key, 1);
    for (const key of this.#running.keys()) open.set(key, this.#dirty.has(key) ? 2 : 1);
    return new Promise((resolve, reject) => {
      const { signal } = this.#stopped;
      const onStop = (): void => reject(signal.reason);
      const tried = (key: string): void => {
        const left = (open.get(key) ?? 0) - 1;
        if (left > 0) open.set(key, left);
        else open.delete(key);
        if (open.size > 0) return;
        this.#watchers.delete(tried);
        signal.removeEventListener('abort', onStop);
        resolve();
      };
      if (open.size === 0) return resolve();
      if (signal.aborted) return onStop();
      signal.addEventListener('abort', onStop, { once: true });
      this.#watchers.add(tried);
    });
  }

  /** Forgets all keys, aborts the signal of those that are being processed, and resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error(`the work queue ${this.name} was stopped`));
    this.#waiting.clear();
    this.#dirty.clear();
    for (const { cancel } of this.#later.values()) cancel();
    for (const { cancel } of this.#failures.values()) cancel?.();
    this.#later.clear();
    this.#failures.clear();
    await Promise.all(this.#running.values());
  }

  #pump(): void {
    const { concurrency = 4 } = this.options;
    while (this.#started && this.#running.size < concurrency) {
      const [key] = this.#waiting;
      if (key === undefined) return;
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    const failures = this.#failures.get(key);
    if (failures !== undefined) {
      failures.cancel?.();
      failures.cancel = undefined;
      this.#retries += 1;
    }
    try {
      // Not in the caller's turn: what adds a key is not yet done with what it does. And from time to time in a turn of its
      // own, as work that waits for nothing would otherwise keep timers and sockets waiting.
      this.#runs += 1;
      if (this.#runs % RUNS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      else await Promise.resolve();
      await this.options.process(key, this.#stopped.signal);
      this.#failures.delete(key);
    } catch (error) {
      this.#failed(key, error);
    }
    this.#running.delete(key);
    if (this.#dirty.delete(key)) this.#waiting.add(key);
    for (const tried of [...this.#watchers]) tried(key);
    this.#pump();
  }

  #failed(key: string, error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const { initialBackoff: initial = 5, maxBackoff: max = 300_000, random = Math.random } = this.options;
    const delay = backoffDelay(count, { initial, max, random });
    this.#failures.set(key, { count, cancel: this.#clock.schedule(() => this.add(key), delay) });
    this.options.onError?.(key, error, delay);
  }
}
