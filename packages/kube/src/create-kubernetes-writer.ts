import { hostname } from 'node:os';
import { readObject } from './api-object.js';
import { type Clock, SYSTEM_CLOCK } from './clock.js';
import { EventRecorder } from './event-recorder.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { type KubernetesObject, keyOf, splitKey } from './kubernetes-object.js';
import type { KubernetesTransport, RequestOptions } from './kubernetes-transport.js';
import type { EventNote, KubernetesWriter } from './kubernetes-writer.js';
import { type Logger, SILENT_LOGGER } from './logger.js';
import type { ResourceKind } from './resource-kind.js';
import { resourcePath } from './resource-path.js';

export interface KubernetesWriterOptions {
  /** Who writes Events (`reportingController`), e.g. `kuryr-l7`. */
  readonly component: string;
  /** Which one of several (`reportingInstance`). @default `<component>-<host name>` */
  readonly instance?: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Whether Events are written. @default true */
  readonly events?: boolean;
  /** Milliseconds between two updates of an Event that repeats. @default 30_000 */
  readonly seriesInterval?: number;
}

export interface ClosableKubernetesWriter extends KubernetesWriter {
  /** Writes the Events that wait, for at most a second; later ones are dropped. */
  close(): Promise<void>;
}

/** Writes to one object that others change all the time. */
const MAX_ATTEMPTS = 5;

export function createKubernetesWriter(
  transport: KubernetesTransport,
  options: KubernetesWriterOptions,
): ClosableKubernetesWriter {
  return new TransportWriter(transport, options);
}

class TransportWriter implements ClosableKubernetesWriter {
  readonly #events: EventRecorder;

  constructor(
    private readonly transport: KubernetesTransport,
    private readonly options: KubernetesWriterOptions,
  ) {
    this.#events = new EventRecorder(transport, {
      controller: options.component,
      instance: options.instance ?? `${options.component}-${hostname()}`,
      logger: options.logger ?? SILENT_LOGGER,
      clock: options.clock ?? SYSTEM_CLOCK,
      seriesInterval: options.seriesInterval ?? 30_000,
    });
  }

  annotate<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    current: T,
    annotations: Readonly<Record<string, string | null>>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const change = (object: KubernetesObject) => (isAnnotated(object, annotations) ? undefined : { annotations });
    return this.#changeMetadata(kind, current, change, signal);
  }

  setFinalizer<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    current: T,
    finalizer: string,
    isWanted: boolean,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const change = ({ metadata: { finalizers = [] } }: KubernetesObject) => {
      if (finalizers.includes(finalizer) === isWanted) return undefined;
      return { finalizers: isWanted ? [...finalizers, finalizer] : finalizers.filter((one) => one !== finalizer) };
    };
    return this.#changeMetadata(kind, current, change, signal);
  }

  /** @param change what to merge into the metadata of an object, undefined where it is right already */
  async #changeMetadata<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    current: T,
    change: (object: KubernetesObject) => object | undefined,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const path = resourcePath(kind, splitKey(keyOf(current)));
    let object: KubernetesObject | undefined = current;
    for (let attempt = 1; ; attempt += 1) {
      const changed = change(object);
      if (changed === undefined) return true;
      const { resourceVersion } = object.metadata;
      const metadata = { ...(resourceVersion === undefined ? {} : { resourceVersion }), ...changed };
      try {
        return await this.#patch(path, { metadata }, signal);
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
      }
      object = await this.#get(kind, path, signal);
      // Another object of the same name is not the one that was to be changed.
      if (object === undefined) return false;
      if (current.metadata.uid !== undefined && object.metadata.uid !== current.metadata.uid) return false;
    }
  }

  async patchStatus<T extends KubernetesObject & { readonly status?: unknown }>(
    kind: ResourceKind<T>,
    current: T,
    status: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const name = splitKey(keyOf(current));
    const path = resourcePath(kind, { ...name, subresource: 'status' });
    let object: KubernetesObject = current;
    for (let attempt = 1; ; attempt += 1) {
      const { resourceVersion } = object.metadata;
      const metadata = resourceVersion === undefined ? {} : { metadata: { resourceVersion } };
      try {
        return await this.#patch(path, { ...metadata, status }, signal);
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
        const newest = await this.#get(kind, resourcePath(kind, name), signal);
        if (newest === undefined || newest.metadata.uid !== current.metadata.uid) return false;
        // Somebody else wrote the status that was to be changed: whoever called has to look at it again.
        if (statusOf(newest) !== statusOf(current)) throw error;
        object = newest;
      }
    }
  }

  event(kind: ResourceKind, object: KubernetesObject, note: EventNote): void {
    if (this.options.events ?? true) this.#events.record(kind, object, note);
  }

  close(): Promise<void> {
    return this.#events.close();
  }

  /** False when there is no such object. */
  async #patch(path: string, body: object, signal: AbortSignal | undefined): Promise<boolean> {
    const options: RequestOptions = { body, contentType: 'application/merge-patch+json', ...withSignal(signal) };
    try {
      await this.transport.requestJson('PATCH', path, options);
      return true;
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isNotFound) return false;
      throw error;
    }
  }

  async #get(kind: ResourceKind, path: string, signal: AbortSignal | undefined): Promise<KubernetesObject | undefined> {
    try {
      return readObject(kind, await this.transport.requestJson('GET', path, withSignal(signal)), path);
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isNotFound) return undefined;
      throw error;
    }
  }
}

function isAnnotated(object: KubernetesObject, annotations: Readonly<Record<string, string | null>>): boolean {
  const present = object.metadata.annotations ?? {};
  return Object.entries(annotations).every(([name, value]) => (present[name] ?? null) === value);
}

/** As text: the API server writes the fields of equal objects in the same order. */
function statusOf(object: KubernetesObject & { readonly status?: unknown }): string {
  return JSON.stringify(object.status ?? {});
}

function isConflict(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.isConflict;
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
