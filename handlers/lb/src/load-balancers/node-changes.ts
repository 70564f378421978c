import type { NODES, WatchedKind } from '@kuryr-l7/kube';
import type { ObjectOf } from '@kuryr-l7/plugin';

type Node = ObjectOf<typeof NODES>;

/** Calls back when a node changes in what members are made of. @returns the unsubscription */
export function onNodeChange(nodes: WatchedKind<Node>, changed: () => void): () => void {
  return nodes.subscribe(({ type, object, previous }) => {
    // Nodes tell that they live all the time.
    if (type === 'present' && previous !== undefined && nodeText(previous) === nodeText(object)) return;
    changed();
  });
}

/** What of a node decides whether and how it is a member. */
function nodeText({ metadata, spec, status }: Node): string {
  const ready = (status?.conditions ?? []).find(({ type }) => type === 'Ready')?.status;
  return JSON.stringify([metadata.labels, metadata.deletionTimestamp, spec?.taints, status?.addresses, ready]);
}
