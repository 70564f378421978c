import type { WatchEvent } from './api-client.js';
import { ApiError } from './api-error.js';
import type { Backend } from './backend.js';
import type { Exchange } from './exchange.js';
import type { Faults } from './faults.js';
import type { LocalClient } from './local-client.js';
import { type Rendering, renderingOf, renderObject, tableOf } from './rendering.js';
import { timeoutSeconds, watchOptions } from './request-options.js';
import type { ResourceDefinition } from './resource-definition.js';
import { bookmarkOf } from './watch-objects.js';

/** How long a watch without `timeoutSeconds` lasts; kube-apiserver takes between 30 and 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 1800;
/** A client that reads nothing while so much waits for it is cut off, and lists again. */
const BACKLOG_LIMIT_BYTES = 64 * 1024 * 1024;

export interface WatchStreamParts {
  readonly backend: Backend;
  readonly client: LocalClient;
  readonly faults: Faults;
  readonly bookmarkIntervalMs: number;
}

/** Answers a watch: one JSON document a line until the time is up or the client leaves. */
export function streamWatch(
  { backend, client, faults, bookmarkIntervalMs }: WatchStreamParts,
  exchange: Exchange,
  definition: ResourceDefinition,
  namespace: string,
): void {
  const { query, response, representation } = exchange;
  const options = watchOptions(query, namespace);
  const seconds = timeoutSeconds(query) ?? DEFAULT_TIMEOUT_SECONDS;
  const render = renderer(backend, definition, renderingOf(representation, query));
  const send = (type: string, object: unknown) => {
    if (response.destroyed || faults.isMuted(response)) return;
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > BACKLOG_LIMIT_BYTES) response.destroy();
  };
  const pending: WatchEvent[] = [];
  let begun = false;
  let unsubscribe: () => void;
  try {
    unsubscribe = client.watch(definition, options, (event) => {
      if (begun) send(event.type, render(event));
      else pending.push(event);
    });
  } catch (error) {
    // A version that is gone is told inside the stream, as the watch cache of kube-apiserver does.
    if (!(error instanceof ApiError) || error.status.code !== 410) throw error;
    response.writeHead(200, exchange.headers(representation.contentType));
    response.end(`${JSON.stringify({ type: 'ERROR', object: error.status })}\n`);
    return;
  }
  response.writeHead(200, exchange.headers(representation.contentType));
  response.flushHeaders();
  faults.addWatch(response);
  begun = true;
  for (const event of pending) send(event.type, render(event));
  const bookmark = () =>
    send('BOOKMARK', render({ type: 'BOOKMARK', object: bookmarkOf(definition, backend.storage.revision) }));
  const bookmarks = options.allowWatchBookmarks ? setInterval(bookmark, bookmarkIntervalMs) : undefined;
  const end = setTimeout(() => {
    if (options.allowWatchBookmarks) bookmark();
    response.end();
  }, seconds * 1000);
  response.once('close', () => {
    clearInterval(bookmarks);
    clearTimeout(end);
    unsubscribe();
  });
}

function renderer(
  backend: Backend,
  definition: ResourceDefinition,
  rendering: Rendering,
): (event: WatchEvent) => unknown {
  if (rendering.as !== 'Table') return ({ object }) => renderObject(backend, definition, object, rendering);
  let first = true;
  return ({ object }) => {
    const { resourceVersion } = object.metadata;
    const table = tableOf(backend, definition, [object], { resourceVersion }, rendering.include);
    // The columns are told once.
    const { columnDefinitions, ...rest } = table;
    const event = first ? table : rest;
    first = false;
    return event;
  };
}
