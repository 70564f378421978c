import type { ListOptions, ObjectList, ResourceReference } from './api-client.js';
import { ApiError, badRequest, expired, invalid, tooLargeResourceVersion } from './api-error.js';
import type { ApiObject } from './api-object.js';
import type { Backend } from './backend.js';
import { decodeContinueToken, encodeContinueToken, type ListPosition } from './continue-token.js';
import { parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './label-selector.js';
import { viewOf } from './object-version.js';
import type { ResourceDefinition } from './resource-definition.js';
import type { Snapshot } from './storage.js';

/** Which objects a list or a watch is about. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** One page of a list. Throws an ApiError: 410 for a revision or a continue token from before the last compaction. */
export function listObjects(backend: Backend, resource: ResourceReference, options: ListOptions): ObjectList {
  const definition = backend.registry.get(resource);
  const selects = selectorOf(definition, options);
  const { snapshot, after } = pageStart(backend, definition, options);
  const limit = options.limit ?? 0;
  const items: ApiObject[] = [];
  let last = '';
  let remaining = 0;
  for (const key of snapshot.keys) {
    if (key <= after) continue;
    const object = snapshot.objects.get(key);
    if (object === undefined || !selects(object)) continue;
    if (limit > 0 && items.length === limit) {
      remaining += 1;
      continue;
    }
    items.push(viewOf(definition, object));
    last = key;
  }
  const resourceVersion = String(snapshot.revision);
  if (remaining === 0) return { resourceVersion, items };
  const continueToken = encodeContinueToken({ revision: snapshot.revision, after: last });
  // With selectors the real server does not know how many are left.
  const selected = (options.labelSelector ?? '') !== '' || (options.fieldSelector ?? '') !== '';
  return { resourceVersion, items, continueToken, ...(selected ? {} : { remainingItemCount: remaining }) };
}

/** Whether a stored object is selected. Throws an ApiError (400) for a malformed selector. */
export function selectorOf(definition: ResourceDefinition, selection: Selection): (object: ApiObject) => boolean {
  const { namespace = '' } = selection;
  const labels = parseLabelSelector(selection.labelSelector ?? '');
  const fields = parseFieldSelector(selection.fieldSelector ?? '', definition.storage);
  const everywhere = !definition.namespaced || namespace === '';
  return (object) =>
    (everywhere || object.metadata.namespace === namespace) && labels(object.metadata.labels ?? {}) && fields(object);
}

/** A resourceVersion as a number; undefined for none. Throws an ApiError (400 or 504 for one from the future). */
export function revisionOf(text: string | undefined, current: number): number | undefined {
  if (text === undefined || text === '') return undefined;
  const revision = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(revision)) {
    throw invalidOptions('resourceVersion', `Invalid value: ${JSON.stringify(text)}: invalid resource version`);
  }
  if (revision > current) throw tooLargeResourceVersion(revision, current);
  return revision;
}

export function invalidOptions(field: string, message: string): ApiError {
  const reason = message.startsWith('Forbidden') ? 'FieldValueForbidden' : 'FieldValueInvalid';
  return invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [{ reason, field, message }]);
}

function pageStart(
  backend: Backend,
  definition: ResourceDefinition,
  options: ListOptions,
): { readonly snapshot: Snapshot; readonly after: string } {
  const { storage } = backend;
  const { continueToken = '', resourceVersion = '', resourceVersionMatch } = options;
  if (continueToken !== '') {
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const position = decodeContinueToken(continueToken);
    return { snapshot: continuedSnapshot(backend, definition, position), after: position.after };
  }
  const revision = revisionOf(resourceVersion, storage.revision);
  if (resourceVersionMatch !== undefined && revision === undefined) {
    throw invalidOptions(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (resourceVersionMatch === 'Exact' && revision === 0) {
    throw invalidOptions(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch "Exact" is forbidden for resourceVersion "0"',
    );
  }
  // A limited list from a given version shows exactly that version, for the pages to fit together.
  const exact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && (options.limit ?? 0) > 0);
  const wanted = exact && revision !== undefined && revision > 0 ? revision : storage.revision;
  return { snapshot: storage.snapshot(definition.storage, wanted), after: '' };
}

function continuedSnapshot(backend: Backend, definition: ResourceDefinition, position: ListPosition): Snapshot {
  try {
    return backend.storage.snapshot(definition.storage, position.revision);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.code !== 410) throw error;
    throw expired(CONTINUE_EXPIRED, encodeContinueToken({ revision: undefined, after: position.after }));
  }
}
