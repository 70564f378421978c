import { type ObjectList, readList } from './api-object.js';
import { Backoff } from './backoff.js';
import { type Clock, SYSTEM_CLOCK, sleep } from './clock.js';
import { KubernetesConnectionError, KubernetesCredentialsError } from './errors.js';
import { FailureLog } from './failure-log.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import type { KubernetesObject } from './kubernetes-object.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import type { ResourceKind } from './resource-kind.js';
import { resourcePath } from './resource-path.js';
import { watchStream } from './watch-stream.js';

export interface ReflectorOptions {
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Objects on a page of a list. @default 500 */
  readonly pageSize?: number;
  /** Milliseconds without a byte after which a watch counts as dead; bookmarks come about every minute. @default 90_000 */
  readonly idleTimeout?: number;
  /** Milliseconds before the first try again; doubles with each. @default 800 */
  readonly initialBackoff?: number;
  /** Milliseconds. @default 30_000 */
  readonly maxBackoff?: number;
  /** Milliseconds that a watch has to last to end the back-off. @default 10_000 */
  readonly healthyAfter?: number;
}

/** What a reflector has seen so far; totals since the start. */
export interface ReflectorCounters {
  /** Complete lists, of however many pages. */
  readonly lists: number;
  /** Watches asked for. */
  readonly watches: number;
  readonly events: number;
  readonly bookmarks: number;
  readonly errors: number;
  /** What went wrong last, until a list, an accepted watch, an event or a bookmark comes after it. */
  readonly lastError: Error | undefined;
  /** When the last list, accepted watch, event or bookmark came, by {@link Clock.now}. */
  readonly lastEventTime: number | undefined;
}

/** Takes what a reflector finds. */
export interface ReflectorTarget<T> {
  /** All objects there are. */
  replace(objects: readonly T[]): void;
  set(object: T): void;
  delete(object: T): void;
}

/** Seconds: a watch is asked to last this long, and up to twice as long by chance, so that watches do not end together. */
const WATCH_SECONDS = 300;
/** Milliseconds that the server has beyond its own limit before the watch is ended here. */
const HARD_LIMIT_GRACE = 30_000;
/** Where a server fails (5xx) so many times in a row on one resourceVersion, another one is tried, by a list. */
const MAX_RESUMES = 5;

/**
 * Keeps a target equal to all objects of one kind in the API server, for ever: a list in pages, then a watch from its
 * resourceVersion, resumed from the last event after an interruption, listed anew where that is impossible or doubtful.
 */
export class Reflector<T extends KubernetesObject> {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #logger: Logger;
  readonly #failures: FailureLog;
  readonly #backoff: Backoff;
  readonly #counters = {
    lists: 0,
    watches: 0,
    events: 0,
    bookmarks: 0,
    errors: 0,
    lastError: undefined as Error | undefined,
    lastEventTime: undefined as number | undefined,
  };
  /** Answers of 5xx in a row. */
  #serverErrors = 0;
  /** Where the next watch starts; undefined: a list comes first. */
  #resourceVersion: string | undefined;

  constructor(
    private readonly transport: KubernetesTransport,
    private readonly kind: ResourceKind<T>,
    private readonly target: ReflectorTarget<T>,
    private readonly options: ReflectorOptions = {},
  ) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#random = options.random ?? Math.random;
    this.#logger = options.logger ?? SILENT_LOGGER;
    this.#failures = new FailureLog(this.#logger, { level: 'warn', clock: this.#clock });
    const { initialBackoff: initial = 800, maxBackoff: max = 30_000 } = options;
    this.#backoff = new Backoff({ initial, max, random: this.#random });
  }

  get counters(): ReflectorCounters {
    return { ...this.#counters };
  }

  /** Resolves when the signal is aborted, never before; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delay = await this.#listAndWatch(signal);
      if (delay > 0) await sleep(this.#clock, delay, signal).catch(() => undefined);
    }
  }

  /** Returns the milliseconds to wait before the next time. */
  async #listAndWatch(signal: AbortSignal): Promise<number> {
    let watchStarted: number | undefined;
    const eventsBefore = this.#counters.events;
    const lastedLong = (): boolean =>
      watchStarted !== undefined && this.#clock.now() - watchStarted >= (this.options.healthyAfter ?? 10_000);
    try {
      this.#resourceVersion ??= await this.#list(signal);
      watchStarted = this.#clock.now();
      await this.#watch(this.#resourceVersion, signal);
      // No events wait while a watch that did its time is replaced by the next; one that ended early is not hammered.
      if (lastedLong() || this.#counters.events > eventsBefore) this.#backoff.reset();
      return lastedLong() ? 0 : this.#backoff.next();
    } catch (error) {
      if (signal.aborted) return 0;
      const progressed = this.#counters.events > eventsBefore;
      this.#serverErrors = isServerError(error) && !progressed ? this.#serverErrors + 1 : 0;
      const resumes = isResumable(error) && this.#serverErrors <= MAX_RESUMES;
      if (!resumes) this.#resourceVersion = undefined;
      if (lastedLong() || (resumes && progressed)) this.#backoff.reset();
      const retryAfter = error instanceof KubernetesApiError ? (error.retryAfter ?? 0) : 0;
      const delay = Math.max(this.#backoff.next(), retryAfter * 1000);
      this.#report(error, resumes, delay);
      return delay;
    }
  }

  /** Returns the resourceVersion to watch from. */
  async #list(signal: AbortSignal): Promise<string> {
    const objects: T[] = [];
    let page = await this.#page(signal, { limit: this.options.pageSize ?? 500 });
    // Of the first page: what changed while the others came is told by the watch once more.
    let { resourceVersion } = page;
    objects.push(...page.items);
    while (page.continueToken !== undefined) {
      try {
        page = await this.#page(signal, { limit: this.options.pageSize ?? 500, continue: page.continueToken });
      } catch (error) {
        if (!(error instanceof KubernetesApiError) || !error.isExpired) throw error;
        // The list took longer than the server keeps its past: all at once can't expire.
        page = await this.#page(signal, {});
        ({ resourceVersion } = page);
        objects.length = 0;
      }
      objects.push(...page.items);
    }
    this.target.replace(objects);
    this.#counters.lists += 1;
    this.#sawProgress();
    return resourceVersion;
  }

  async #page(signal: AbortSignal, query: Readonly<Record<string, string | number>>): Promise<ObjectList<T>> {
    return readList(this.kind, await this.transport.requestJson('GET', resourcePath(this.kind), { query, signal }));
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const timeoutSeconds = Math.floor(WATCH_SECONDS * (1 + this.#random()));
    this.#counters.watches += 1;
    const events = watchStream(this.transport, this.kind, {
      resourceVersion,
      timeoutSeconds,
      idleTimeout: this.options.idleTimeout ?? 90_000,
      hardLimit: timeoutSeconds * 1000 + HARD_LIMIT_GRACE,
      clock: this.#clock,
      signal,
      onOpen: () => this.#sawProgress(),
    });
    for await (const event of events) {
      if (event.type === 'present') this.target.set(event.object);
      else if (event.type === 'deleted') this.target.delete(event.object);
      if (event.type === 'bookmark') this.#counters.bookmarks += 1;
      else this.#counters.events += 1;
      this.#resourceVersion = event.resourceVersion;
      this.#sawProgress();
    }
  }

  #sawProgress(): void {
    this.#counters.lastError = undefined;
    this.#failures.clear(this.kind.plural);
    this.#counters.lastEventTime = this.#clock.now();
  }

  #report(error: unknown, resumes: boolean, delay: number): void {
    this.#counters.errors += 1;
    this.#counters.lastError = error instanceof Error ? error : new Error(String(error));
    const { message } = this.#counters.lastError;
    const fields = { kind: this.kind.kind, next: resumes ? 'resume' : 'relist', delay: Math.round(delay) };
    const text = `list and watch of ${this.kind.plural} was interrupted: ${message}`;
    if (error instanceof KubernetesApiError && error.isExpired) this.#logger.info(text, fields);
    else this.#failures.add(this.kind.plural, text, fields);
  }
}

function isServerError(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status >= 500;
}

/** Whether the events after the last one are still to be had from the server. In doubt they are not. */
function isResumable(error: unknown): boolean {
  if (error instanceof KubernetesConnectionError || error instanceof KubernetesCredentialsError) return true;
  // ResourceVersionTooLarge: etcd was restored from a backup and is behind what we have.
  return (
    error instanceof KubernetesApiError &&
    error.retryable &&
    !error.isExpired &&
    !error.causes.includes('ResourceVersionTooLarge')
  );
}
