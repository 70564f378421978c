import type { ClusterContext } from './cluster-context.js';
import { CONTROLLER_MANAGER } from './field-manager.js';
import { isTerminating } from './kinds/pod.js';
import type { GraphNode, ObjectGraph } from './object-graph.js';
import { withoutOwner } from './ownership.js';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/**
 * Deletes what belonged to objects that are gone, by `metadata.ownerReferences`: in the background after the owner, in the foreground before
 * it, or not at all when the dependents are to be orphaned.
 */
export function runGarbageCollector(cluster: ClusterContext, graph: ObjectGraph): void {
  const { client } = cluster;
  const queue = cluster.reconciler('garbage-collector', reconcile);

  graph.subscribe(({ object: { metadata } }) => {
    const held = metadata.finalizers?.some((finalizer) => finalizer === FOREGROUND || finalizer === ORPHAN) ?? false;
    const gone = graph.get(metadata.uid ?? '') === undefined;
    if (gone || held || metadata.ownerReferences !== undefined) queue.add(metadata.uid ?? '');
    // An owner that is deleted in the foreground waits for this one.
    if (gone) for (const owner of metadata.ownerReferences ?? []) queue.add(owner.uid);
  });

  function reconcile(uid: string): void {
    const node = graph.get(uid);
    if (node === undefined) {
      for (const dependent of graph.dependentsOf(uid)) queue.add(dependent.object.metadata.uid ?? '');
    } else if (isTerminating(node.object)) {
      letGo(node, uid);
    } else {
      collect(node, uid);
    }
  }

  function letGo(node: GraphNode, uid: string): void {
    const { finalizers = [] } = node.object.metadata;
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of graph.dependentsOf(uid))
        patch(dependent, { ownerReferences: withoutOwner(dependent.object, uid) });
      patch(node, { finalizers: finalizers.filter((finalizer) => finalizer !== ORPHAN) });
    } else if (finalizers.includes(FOREGROUND)) {
      for (const { object, reference } of graph.dependentsOf(uid)) {
        if (!isTerminating(object)) client.delete(reference, { propagationPolicy: 'Foreground' });
      }
      if (graph.dependentsOf(uid).some((dependent) => blocks(dependent, uid))) return;
      patch(node, { finalizers: finalizers.filter((finalizer) => finalizer !== FOREGROUND) });
    }
  }

  /** Deletes an object all of whose owners are gone; forgets those that are. */
  function collect(node: GraphNode, uid: string): void {
    const owners = node.object.metadata.ownerReferences ?? [];
    const present = owners.filter((owner) => graph.get(owner.uid) !== undefined);
    if (present.length === owners.length) return;
    if (present.length > 0) patch(node, { ownerReferences: present });
    else client.delete(node.reference, { propagationPolicy: 'Background', preconditions: { uid } });
  }

  function patch({ reference, object }: GraphNode, metadata: Record<string, unknown>): void {
    client.patch(reference, 'merge', { metadata: { uid: object.metadata.uid, ...metadata } }, CONTROLLER_MANAGER);
  }
}

function blocks(dependent: GraphNode, owner: string): boolean {
  return (dependent.object.metadata.ownerReferences ?? []).some(
    (reference) => reference.uid === owner && reference.blockOwnerDeletion === true,
  );
}
