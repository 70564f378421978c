import type { KubernetesObject } from '@kuryr-l7/kube';
import {
  PayloadError,
  POD_STATE,
  type PodState,
  parsePayload,
  VIF,
  VIF_ANNOTATION,
  type Vif,
} from '@kuryr-l7/kuryr-objects';

/** What the annotation of a Pod says, also in the form of Kuryr's first releases, a VIF alone; undefined for none, or nonsense. */
export function podStateOf({ metadata }: KubernetesObject): PodState | undefined {
  const text = metadata.annotations?.[VIF_ANNOTATION];
  if (text === undefined) return undefined;
  return (
    read(() => parsePayload(POD_STATE, text)) ??
    read(() => ({ default_vif: parsePayload(VIF, text), additional_vifs: {} }))
  );
}

export function vifsOf({ default_vif, additional_vifs }: PodState): readonly Vif[] {
  return [default_vif, ...Object.values(additional_vifs)];
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PayloadError) return undefined;
    throw error;
  }
}
