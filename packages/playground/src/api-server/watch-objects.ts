import type { ResourceReference, WatchEvent, WatchOptions } from './api-client.js';
import type { ApiObject } from './api-object.js';
import type { Backend } from './backend.js';
import { invalidOptions, revisionOf, selectorOf } from './list-objects.js';
import { viewOf } from './object-version.js';
import { groupVersionOf, type ResourceDefinition } from './resource-definition.js';
import type { Change } from './storage.js';

/**
 * Calls back with what there is (unless the watch begins at a resourceVersion) and then with every write. A write that takes an object out
 * of the selection is a deletion for this watch, one that brings it in an addition. Throws an ApiError: 410 from before the last
 * compaction. The callback is first called before this function returns; gives back the function that ends the watch.
 */
export function watchObjects(
  backend: Backend,
  resource: ResourceReference,
  options: WatchOptions,
  onEvent: (event: WatchEvent) => void,
): () => void {
  const definition = backend.registry.get(resource);
  const selects = selectorOf(definition, options);
  const revision = startOf(backend, options);
  // What is written while the beginning is still being sent (by the callback itself) waits for its turn.
  let waiting: Change[] | undefined = [];
  const emit = (change: Change) => {
    const event = eventFor(definition, change, selects);
    if (event !== undefined) onEvent(event);
  };
  const unsubscribe = backend.storage.subscribe(definition.storage, (change) => {
    if (waiting === undefined) emit(change);
    else waiting.push(change);
  });
  try {
    if (revision === undefined) sendPresent(backend, definition, options, selects, onEvent);
    else for (const change of backend.storage.changesSince(definition.storage, revision)) emit(change);
  } catch (error) {
    unsubscribe();
    throw error;
  }
  for (let change = waiting.shift(); change !== undefined; change = waiting.shift()) emit(change);
  waiting = undefined;
  return unsubscribe;
}

function sendPresent(
  backend: Backend,
  definition: ResourceDefinition,
  options: WatchOptions,
  selects: (object: ApiObject) => boolean,
  onEvent: (event: WatchEvent) => void,
): void {
  const snapshot = backend.storage.snapshot(definition.storage);
  const present = snapshot.keys.flatMap((key) => snapshot.objects.get(key) ?? []).filter(selects);
  for (const object of present) onEvent({ type: 'ADDED', object: viewOf(definition, object) });
  if (options.sendInitialEvents && options.allowWatchBookmarks) {
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    onEvent({ type: 'BOOKMARK', object: bookmarkOf(definition, snapshot.revision, annotations) });
  }
}

/** The empty object of a BOOKMARK event: all that happened up to `revision` has been sent. */
export function bookmarkOf(
  definition: ResourceDefinition,
  revision: number,
  annotations?: Readonly<Record<string, string>>,
): ApiObject {
  return {
    apiVersion: groupVersionOf(definition),
    kind: definition.kind,
    metadata: { name: '', resourceVersion: String(revision), ...(annotations === undefined ? {} : { annotations }) },
  };
}

/** The revision after which changes are sent; undefined: begin with what there is. */
function startOf(backend: Backend, options: WatchOptions): number | undefined {
  const revision = revisionOf(options.resourceVersion, backend.storage.revision);
  if (options.sendInitialEvents === undefined) {
    if (options.resourceVersionMatch !== undefined) {
      throw invalidOptions(
        'resourceVersionMatch',
        'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    }
    return revision === 0 ? undefined : revision;
  }
  if (options.resourceVersionMatch !== 'NotOlderThan') {
    throw invalidOptions(
      'resourceVersionMatch',
      'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  if (options.sendInitialEvents) return undefined;
  return revision === undefined || revision === 0 ? backend.storage.revision : revision;
}

function eventFor(
  definition: ResourceDefinition,
  change: Change,
  selects: (object: ApiObject) => boolean,
): WatchEvent | undefined {
  const before = change.previous !== undefined && selects(change.previous);
  const after = change.type !== 'DELETED' && selects(change.object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: viewOf(definition, change.object) };
  if (!before) return undefined;
  // Who watches a selection sees the object leave as it last was there, at the resourceVersion of the change.
  const { resourceVersion } = change.object.metadata;
  const last = change.type === 'DELETED' || change.previous === undefined ? change.object : change.previous;
  const object = resourceVersion === undefined ? last : { ...last, metadata: { ...last.metadata, resourceVersion } };
  return { type: 'DELETED', object: viewOf(definition, object) };
}
