import type { ObjectList } from './api-client.js';
import type { ApiObject } from './api-object.js';
import type { Backend } from './backend.js';
import type { Representation } from './representation.js';
import { groupVersionOf, type ResourceDefinition } from './resource-definition.js';

/** How much of each object a Table carries: the query parameter `includeObject`. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** The form in which a client wants its objects. */
export interface Rendering {
  readonly as: Representation['as'];
  readonly include: IncludeObject;
}

/** Throws an ApiError (406) for what can't be written. */
export function renderingOf(representation: Representation, query: URLSearchParams): Rendering {
  const include = query.get('includeObject');
  return { as: representation.as, include: include === 'None' || include === 'Object' ? include : 'Metadata' };
}

export function renderObject(
  backend: Backend,
  definition: ResourceDefinition,
  object: ApiObject,
  rendering: Rendering,
): unknown {
  switch (rendering.as) {
    case 'Table': {
      const { resourceVersion } = object.metadata;
      return tableOf(backend, definition, [object], { resourceVersion }, rendering.include);
    }
    case 'PartialObjectMetadata':
      return partialMetadata(object);
    default:
      return object;
  }
}

export function renderList(
  backend: Backend,
  definition: ResourceDefinition,
  list: ObjectList,
  rendering: Rendering,
): unknown {
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(list.continueToken === undefined ? {} : { continue: list.continueToken }),
    ...(list.remainingItemCount === undefined ? {} : { remainingItemCount: list.remainingItemCount }),
  };
  switch (rendering.as) {
    case 'Table':
      return tableOf(backend, definition, list.items, metadata, rendering.include);
    case 'PartialObjectMetadata':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: list.items.map(partialMetadata),
      };
    default:
      return {
        kind: definition.listKind,
        apiVersion: groupVersionOf(definition),
        metadata,
        // Items of built-in kinds carry neither apiVersion nor kind: the list says them.
        items: definition.custom === undefined ? list.items.map(withoutType) : list.items,
      };
  }
}

/** A meta.k8s.io/v1 Table; `metadata` is that of the list, or of the object. */
export function tableOf(
  backend: Backend,
  definition: ResourceDefinition,
  objects: readonly ApiObject[],
  metadata: Readonly<Record<string, unknown>>,
  include: IncludeObject,
): Record<string, unknown> {
  const now = backend.clock.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: backend.schema.tableColumns(definition),
    rows: objects.map((object) => ({
      // A bookmark is an object without a name and has nothing to show.
      cells: object.metadata.name === '' ? [] : backend.schema.tableCells(definition, object, now),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partialMetadata(object) }),
    })),
  };
}

function partialMetadata(object: ApiObject): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

function withoutType(object: ApiObject): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  return rest;
}
