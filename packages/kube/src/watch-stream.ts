import type { Clock } from './clock.js';
import { KubernetesConnectionError } from './errors.js';
import type { KubernetesObject } from './kubernetes-object.js';
import type { KubernetesTransport } from './kubernetes-transport.js';
import { LineSplitter } from './lines.js';
import type { ResourceKind } from './resource-kind.js';
import { resourcePath } from './resource-path.js';
import { readWatchEvent, type WatchEvent } from './watch-event.js';

export interface WatchStreamOptions {
  readonly resourceVersion: string;
  /** Seconds after which the server ends the watch. */
  readonly timeoutSeconds: number;
  /** Milliseconds without a byte after which the connection counts as dead. */
  readonly idleTimeout: number;
  /** Milliseconds after which a watch that the server should have ended is ended here. */
  readonly hardLimit: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called when the server has accepted the watch. */
  readonly onOpen: () => void;
}

/**
 * One watch: yields its events; returns when the server, or the hard limit, ends it.
 *
 * @throws KubernetesConnectionError also for silence; KubernetesApiError; KubernetesResponseError
 */
export async function* watchStream<T extends KubernetesObject>(
  transport: KubernetesTransport,
  kind: ResourceKind<T>,
  options: WatchStreamOptions,
): AsyncIterable<WatchEvent<T>> {
  const { clock, idleTimeout, hardLimit, resourceVersion, timeoutSeconds, onOpen } = options;
  const query = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
  const limits = new AbortController();
  const silence = new KubernetesConnectionError(
    `watch of ${kind.plural}: nothing came for ${Math.round(idleTimeout / 1000)} s, not even a bookmark: the connection is taken for dead`,
  );
  const overdue = new Error('hard limit');
  let cancelIdle = clock.schedule(() => limits.abort(silence), idleTimeout);
  const cancelHard = clock.schedule(() => limits.abort(overdue), hardLimit);
  const signal = AbortSignal.any([options.signal, limits.signal]);
  const lines = new LineSplitter();
  try {
    for await (const chunk of transport.stream(resourcePath(kind), { query, signal, onOpen })) {
      cancelIdle();
      cancelIdle = clock.schedule(() => limits.abort(silence), idleTimeout);
      for (const line of lines.push(chunk)) yield readWatchEvent(kind, line);
    }
  } catch (error) {
    if (error === overdue) return;
    // The other idle connections went the same way, most likely: a new one finds out.
    if (error === silence) transport.dropIdleConnections();
    throw error;
  } finally {
    cancelIdle();
    cancelHard();
  }
}
