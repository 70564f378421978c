import type {
  ApiClient,
  DeleteOptions,
  DeleteOutcome,
  ListOptions,
  ObjectList,
  ObjectReference,
  PatchOptions,
  PatchType,
  ResourceReference,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './api-client.js';
import type { ApiObject } from './api-object.js';
import { type Backend, readStored } from './backend.js';
import { createObject } from './create-object.js';
import { deleteCollection, deleteObject } from './delete-object.js';
import { listObjects } from './list-objects.js';
import { viewOf } from './object-version.js';
import { patchObject } from './patch-object.js';
import { patchScale, readScale, updateScale } from './scale.js';
import { updateObject } from './update-object.js';
import { watchObjects } from './watch-objects.js';

/** The operations on one backend. */
export class LocalClient implements ApiClient {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get(reference: ObjectReference, subresource?: 'status' | 'scale'): ApiObject {
    if (subresource === 'scale') return readScale(this.#backend, reference);
    const definition = this.#backend.registry.get(reference);
    return viewOf(definition, readStored(this.#backend, definition, reference));
  }

  list(resource: ResourceReference, options: ListOptions = {}): ObjectList {
    return listObjects(this.#backend, resource, options);
  }

  create(resource: ResourceReference, namespace: string, object: unknown, options: WriteOptions = {}): ApiObject {
    return createObject(this.#backend, resource, namespace, object, options);
  }

  update(reference: ObjectReference, object: unknown, options: WriteOptions = {}): ApiObject {
    if (options.subresource === 'scale') return updateScale(this.#backend, reference, object, options);
    return updateObject(this.#backend, reference, object, options);
  }

  patch(reference: ObjectReference, type: PatchType, patch: unknown, options: PatchOptions = {}): ApiObject {
    return this.patchOrCreate(reference, type, patch, options).object;
  }

  /** As {@link patch}, and tells whether a server-side apply created the object. */
  patchOrCreate(
    reference: ObjectReference,
    type: PatchType,
    patch: unknown,
    options: PatchOptions,
  ): { readonly object: ApiObject; readonly created: boolean } {
    if (options.subresource === 'scale') {
      return { object: patchScale(this.#backend, reference, type, patch, options), created: false };
    }
    return patchObject(this.#backend, reference, type, patch, options);
  }

  delete(reference: ObjectReference, options: DeleteOptions = {}): DeleteOutcome {
    return deleteObject(this.#backend, reference, options);
  }

  deleteCollection(resource: ResourceReference, options: ListOptions, deleteOptions: DeleteOptions = {}): ObjectList {
    return deleteCollection(this.#backend, resource, options, deleteOptions);
  }

  watch(resource: ResourceReference, options: WatchOptions, onEvent: (event: WatchEvent) => void): () => void {
    return watchObjects(this.#backend, resource, options, onEvent);
  }
}
