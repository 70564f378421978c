import type { ObjectOf, PODS } from '@kuryr-l7/kube';

type Pod = ObjectOf<typeof PODS>;

/** Whether the handler has to do with a Pod at all: one with a network of its own. */
export function hasOwnNetwork({ spec }: Pod): boolean {
  return spec?.hostNetwork !== true;
}

/** Whether it is time for a VIF: the node is known, and nothing runs there yet. Other networks may serve what runs. */
export function needsVif({ metadata, spec, status }: Pod): boolean {
  const isScheduled = spec?.nodeName !== undefined && spec.nodeName !== '';
  return isScheduled && (status?.phase ?? 'Pending') === 'Pending' && metadata.deletionTimestamp === undefined;
}

/** A Pod whose containers have all ended and never start again. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
