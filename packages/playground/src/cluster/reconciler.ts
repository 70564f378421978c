import { performance } from 'node:perf_hooks';
import { ApiError } from '../api-server/api-error.js';

/** So long the event loop is held before requests and writes of others get their turn. */
const SLICE_MILLISECONDS = 8;
const FIRST_RETRY_MILLISECONDS = 5;
const LAST_RETRY_MILLISECONDS = 10_000;

export interface ReconcilerOptions {
  /** Names the controller in problems, e.g. `replicaset-controller`. */
  readonly name: string;
  /** Makes the world as the object of this key wants it. Called again later when it throws. */
  readonly reconcile: (key: string) => void;
  /** Told of what reconciling threw, except conflicts: those only mean that somebody was faster. */
  readonly onProblem: (message: string) => void;
}

/**
 * A queue of keys to look at. Keys are coalesced, and looked at in the next turn of the event loop: no answer waits for a poll, and a
 * burst of writes costs one look.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #keys = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #turn: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#closed) return;
    this.#keys.add(key);
    this.#turn ??= setImmediate(() => this.#run());
  }

  /** Looks at the key again when this time has passed; a later call replaces an earlier one. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, milliseconds);
    this.#timers.set(key, timer);
  }

  close(): void {
    this.#closed = true;
    clearImmediate(this.#turn);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#keys.clear();
  }

  #run(): void {
    this.#turn = undefined;
    const end = performance.now() + SLICE_MILLISECONDS;
    for (const key of this.#keys) {
      this.#keys.delete(key);
      this.#reconcile(key);
      if (performance.now() > end) break;
    }
    if (this.#keys.size > 0 && !this.#closed) this.#turn ??= setImmediate(() => this.#run());
  }

  #reconcile(key: string): void {
    try {
      this.#options.reconcile(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (!isConflict(error)) this.#options.onProblem(`${this.#options.name}: ${key}: ${textOf(error)}`);
      this.addAfter(key, Math.min(FIRST_RETRY_MILLISECONDS * 2 ** (failures - 1), LAST_RETRY_MILLISECONDS));
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status.reason === 'Conflict';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
