import type {
  DeleteOptions,
  DeleteOutcome,
  ListOptions,
  ObjectList,
  ObjectReference,
  ResourceReference,
} from './api-client.js';
import { conflict, forbidden } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import { type Backend, readStored, storageKey, timestamp } from './backend.js';
import { listObjects } from './list-objects.js';
import { viewOf } from './object-version.js';
import type { ResourceDefinition } from './resource-definition.js';
import { mayGo } from './update-object.js';

const DEFAULT_POD_GRACE_SECONDS = 30;
const UNDELETABLE_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);
const NAMESPACE_EMPTIES =
  'The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will automatically be purged by the system.';

/**
 * Deletes an object, or marks it as being deleted while something holds it: finalizers, the grace period of a running Pod, the content of a
 * Namespace. Who owns these (the garbage collector, the node, the namespace controller) lets go of it later. Throws an ApiError.
 */
export function deleteObject(backend: Backend, reference: ObjectReference, options: DeleteOptions): DeleteOutcome {
  const definition = backend.registry.get(reference);
  const live = readStored(backend, definition, reference);
  const { name } = live.metadata;
  checkPreconditions(definition, live, options.preconditions ?? {});
  if (definition.storage === 'namespaces' && UNDELETABLE_NAMESPACES.has(name)) {
    throw forbidden(definition, name, 'this namespace may not be deleted');
  }
  const marked = markDeleted(backend, definition, live, options);
  const key = storageKey(definition, reference.namespace, name);
  if (mayGo(marked)) {
    // What goes at once is last seen without the traces of its deletion.
    const removed = options.dryRun ? live : backend.storage.remove(definition.storage, key, live);
    return { object: viewOf(definition, removed), removed: true };
  }
  if (marked === live && definition.storage === 'namespaces') throw conflict(definition, name, NAMESPACE_EMPTIES);
  const kept = options.dryRun || marked === live ? marked : backend.storage.put(definition.storage, key, marked);
  return { object: viewOf(definition, kept), removed: false };
}

/** Deletes what a list with the same options shows; gives back that list. */
export function deleteCollection(
  backend: Backend,
  resource: ResourceReference,
  options: ListOptions,
  deleteOptions: DeleteOptions,
): ObjectList {
  const list = listObjects(backend, resource, options);
  for (const { metadata } of list.items) {
    deleteObject(backend, { ...resource, namespace: metadata.namespace ?? '', name: metadata.name }, deleteOptions);
  }
  return list;
}

/** The object as being deleted: the same object when it already is and nothing changes. */
function markDeleted(
  backend: Backend,
  definition: ResourceDefinition,
  live: ApiObject,
  options: DeleteOptions,
): ApiObject {
  const grace = graceSeconds(definition, live, options);
  const finalizers = finalizersFor(live, options);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = live.metadata;
  if (deletionTimestamp !== undefined) {
    // A second delete may only shorten the grace period.
    if (grace >= deletionGracePeriodSeconds) return live;
    const metadata = {
      ...live.metadata,
      deletionTimestamp: timestamp(backend.clock, grace),
      deletionGracePeriodSeconds: grace,
    };
    return { ...live, metadata };
  }
  const metadata: ApiObject['metadata'] = {
    ...live.metadata,
    deletionTimestamp: timestamp(backend.clock, grace),
    deletionGracePeriodSeconds: grace,
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(live.metadata.generation === undefined ? {} : { generation: live.metadata.generation + 1 }),
  };
  if (finalizers.length === 0) delete metadata.finalizers;
  const marked = { ...live, metadata };
  if (definition.storage !== 'namespaces') return marked;
  return { ...marked, status: { ...(isRecord(live.status) ? live.status : {}), phase: 'Terminating' } };
}

function checkPreconditions(
  definition: ResourceDefinition,
  live: ApiObject,
  wanted: NonNullable<DeleteOptions['preconditions']>,
): void {
  const { name, uid, resourceVersion } = live.metadata;
  const fault =
    wanted.uid !== undefined && wanted.uid !== uid
      ? `UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`
      : wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion
        ? `ResourceVersion in precondition: ${wanted.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`
        : undefined;
  if (fault !== undefined) throw conflict(definition, name, `Precondition failed: ${fault}`);
}

/** Only a Pod that runs somewhere is given time (k8s.io/kubernetes/pkg/registry/core/pod/strategy.go). */
function graceSeconds(definition: ResourceDefinition, live: ApiObject, options: DeleteOptions): number {
  if (definition.storage !== 'pods') return 0;
  const spec = isRecord(live.spec) ? live.spec : {};
  const status = isRecord(live.status) ? live.status : {};
  const ended = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (spec.nodeName === undefined || spec.nodeName === '' || ended) return 0;
  if (options.gracePeriodSeconds !== undefined) return Math.max(0, options.gracePeriodSeconds);
  const { terminationGracePeriodSeconds } = spec;
  return typeof terminationGracePeriodSeconds === 'number' ? terminationGracePeriodSeconds : DEFAULT_POD_GRACE_SECONDS;
}

/** How the dependents are dealt with is written into the finalizers, for the garbage collector. */
function finalizersFor(live: ApiObject, options: DeleteOptions): string[] {
  const present = live.metadata.finalizers ?? [];
  if (options.propagationPolicy === undefined) return present;
  const others = present.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (options.propagationPolicy === 'Orphan') return [...others, 'orphan'];
  return options.propagationPolicy === 'Foreground' ? [...others, 'foregroundDeletion'] : others;
}
