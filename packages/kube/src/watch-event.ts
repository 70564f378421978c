import { readObject, readResourceVersion } from './api-object.js';
import { KubernetesResponseError } from './errors.js';
import { isRecord } from './json.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import type { KubernetesObject } from './kubernetes-object.js';
import type { ResourceKind } from './resource-kind.js';

/** One line of a watch that is good. After it the watch can be resumed from `resourceVersion`. */
export type WatchEvent<T extends KubernetesObject> =
  | { readonly type: 'present' | 'deleted'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

/**
 * Reads one line of a watch.
 *
 * @throws KubernetesApiError for an ERROR event, KubernetesResponseError for anything that is no event of the API
 */
export function readWatchEvent<T extends KubernetesObject>(kind: ResourceKind<T>, line: string): WatchEvent<T> {
  const path = `watch of ${kind.plural}`;
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new KubernetesResponseError(`${path}: a line is not JSON: ${JSON.stringify(line.slice(0, 200))}`, { cause });
  }
  if (!isRecord(event)) throw new KubernetesResponseError(`${path}: a line is not a JSON object`);
  const { type, object } = event;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const resourceVersion = readResourceVersion(object, `${path}: object`);
      return {
        type: type === 'DELETED' ? 'deleted' : 'present',
        object: readObject(kind, object, `${path}: object`),
        resourceVersion,
      };
    }
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: readResourceVersion(object, `${path}: object`) };
    case 'ERROR':
      throw KubernetesApiError.fromStatus(path, 500, object);
    default:
      throw new KubernetesResponseError(`${path}: type: ${JSON.stringify(type)} is none of the API's`);
  }
}
