import type { ObjectOf, PODS } from '@kuryr-l7/kube';

type Pod = ObjectOf<typeof PODS>;

/** Whether the handler has to do with a Pod at all: one with a network of its own. */
export function hasOwnNetwork({ spec }: Pod): boolean {
  return spec?.hostNetwork !== true;
}

/** Whether nothing of it runs yet. */
export function isPending({ status }: Pod): boolean {
  return (status?.phase ?? 'Pending') === 'Pending';
}

/** Whether it is time for a VIF: the node is known, and nothing runs there yet. Other networks may serve what runs. */
export function needsVif(pod: Pod): boolean {
  const { metadata, spec } = pod;
  const isScheduled = spec?.nodeName !== undefined && spec.nodeName !== '';
  return isScheduled && isPending(pod) && metadata.deletionTimestamp === undefined;
}

/** A Pod whose containers have all ended and never start again. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
