import { backoffDelay } from './backoff.js';
import { type Clock, sleep } from './clock.js';
import { clusterEvent, type Reporter } from './cluster-event.js';
import { KubernetesError } from './errors.js';
import { EventBudget } from './event-budget.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { type KubernetesObject, keyOf } from './kubernetes-object.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import type { EventNote } from './kubernetes-writer.js';
import type { Logger } from './logger.js';
import { microTime } from './micro-time.js';
import type { ResourceKind } from './resource-kind.js';
import { EVENTS } from './resource-kinds.js';
import { resourcePath } from './resource-path.js';

export interface EventRecorderOptions extends Reporter {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds between two updates of one Event. */
  readonly seriesInterval: number;
}

/** What is known of one Event that may repeat. */
interface Series {
  readonly key: string;
  event: ReturnType<typeof clusterEvent>;
  /** How often it happened, and how often the API server knows that it did (0: not at all). */
  count: number;
  written: number;
  lastSeen: number;
  lastObservedTime: string;
  /** Cancels the next update. */
  cancel: (() => void) | undefined;
}

/** Series that are remembered; the one longest unseen goes first. */
const MAX_SERIES = 4096;
/** Milliseconds after which a repeat is a new Event: the API server has deleted the old one by then. */
const SERIES_LIFETIME = 3_600_000;
/** Events that wait to be written; what comes when so many wait is dropped. */
const MAX_PENDING = 1_000;
const MAX_ATTEMPTS = 3;
/** Milliseconds. */
const CLOSE_TIMEOUT = 1_000;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Of OpenStack, `req-` and a UUID: another one in each try, which would make each a new Event. Names may begin so, too. */
const REQUEST_ID = new RegExp(` ?\\(req-${UUID}\\)|\\breq-${UUID}\\b`, 'g');

/** Writes Events one after the other; a repeat becomes a series, updated now and then. */
export class EventRecorder {
  readonly #series = new Map<string, Series>();
  readonly #budget: EventBudget;
  readonly #stop = new AbortController();
  #queue: Promise<void> = Promise.resolve();
  #pending = 0;
  #closed = false;

  constructor(
    private readonly transport: KubernetesTransport,
    private readonly options: EventRecorderOptions,
  ) {
    this.#budget = new EventBudget(options.clock);
  }

  record(kind: ResourceKind, object: KubernetesObject, told: EventNote): void {
    if (this.#closed) return;
    const note = { ...told, note: told.note.replace(REQUEST_ID, '') };
    const { clock, seriesInterval } = this.options;
    const now = clock.now();
    const about = object.metadata.uid ?? `${kind.plural} ${keyOf(object)}`;
    const key = JSON.stringify([about, note.type, note.reason, note.action, note.note]);
    const known = this.#series.get(key);
    this.#series.delete(key);
    if (known !== undefined && now - known.lastSeen < SERIES_LIFETIME) {
      known.count += 1;
      known.lastSeen = now;
      known.lastObservedTime = microTime(clock.wallTime());
      known.cancel ??= clock.schedule(() => this.#enqueue(known), seriesInterval);
      this.#series.set(key, known);
      return;
    }
    if (!this.#budget.spend(about)) {
      this.options.logger.debug('an Event is dropped, for its object has had too many', { reason: note.reason });
      return;
    }
    const event = clusterEvent(this.options, kind, object, note, clock.wallTime());
    const lastObservedTime = event.eventTime;
    const series = { key, event, count: 1, written: 0, lastSeen: now, lastObservedTime, cancel: undefined };
    this.#series.set(key, series);
    this.#forgetOldest();
    this.#enqueue(series);
  }

  /** Writes what waits, for at most a second. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      for (const series of this.#series.values()) if (series.cancel !== undefined) this.#enqueue(series);
    }
    const cancel = this.options.clock.schedule(() => this.#stop.abort(new Error('the process ends')), CLOSE_TIMEOUT);
    await this.#queue;
    cancel();
  }

  #forgetOldest(): void {
    if (this.#series.size <= MAX_SERIES) return;
    const [oldest] = this.#series.values();
    if (oldest === undefined) return;
    oldest.cancel?.();
    this.#series.delete(oldest.key);
  }

  #enqueue(series: Series): void {
    series.cancel?.();
    series.cancel = undefined;
    const { logger } = this.options;
    if (this.#pending >= MAX_PENDING) {
      logger.warn(`an Event is dropped, for ${MAX_PENDING} wait to be written`, fieldsOf(series));
      return;
    }
    this.#pending += 1;
    this.#queue = this.#queue.then(async () => {
      try {
        await this.#write(series);
      } catch (error) {
        logger.warn('an Event could not be written', { ...fieldsOf(series), error });
      }
      this.#pending -= 1;
    });
  }

  async #write(series: Series): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      this.#stop.signal.throwIfAborted();
      const { count } = series;
      if (series.written >= count) return;
      try {
        if (series.written === 0) await this.#create(series);
        else await this.#update(series);
        series.written = count;
        return;
      } catch (error) {
        if (!(error instanceof KubernetesError) || !error.retryable || attempt === MAX_ATTEMPTS) throw error;
      }
      await sleep(this.options.clock, backoffDelay(attempt, { initial: 500, max: 5_000 }), this.#stop.signal);
    }
  }

  async #create(series: Series): Promise<void> {
    const { event, count, lastObservedTime } = series;
    const body = count === 1 ? event : { ...event, series: { count, lastObservedTime } };
    try {
      const path = resourcePath(EVENTS, { namespace: event.metadata.namespace });
      await this.transport.requestJson('POST', path, { body, signal: this.#stop.signal });
    } catch (error) {
      // The answer to an earlier attempt was lost.
      if (!(error instanceof KubernetesApiError) || error.reason !== 'AlreadyExists') throw error;
    }
  }

  async #update(series: Series): Promise<void> {
    const { event, count, lastObservedTime } = series;
    try {
      await this.transport.requestJson('PATCH', resourcePath(EVENTS, event.metadata), {
        body: { series: { count, lastObservedTime } },
        contentType: 'application/merge-patch+json',
        signal: this.#stop.signal,
      });
    } catch (error) {
      if (!(error instanceof KubernetesApiError) || !error.isNotFound) throw error;
      // Somebody deleted it.
      await this.#create(series);
    }
  }
}

function fieldsOf({ event }: Series): Readonly<Record<string, unknown>> {
  const { kind, namespace, name } = event.regarding;
  return { kind, namespace, name, reason: event.reason };
}
