import { keyOf, type ObjectOf, type PODS } from '@kuryr-l7/kube';
import type { Vif } from '@kuryr-l7/kuryr-objects';
import type { ObjectKey } from '@kuryr-l7/plugin';

type Pod = ObjectOf<typeof PODS>;

/** The Pods that were seen, by name and uid: of one name there may be several whose VIFs are not released yet. */
export class SeenPods {
  readonly #vifs = new Map<ObjectKey, Map<string, Vif | undefined>>();

  /** The VIF that a Pod has been given; undefined for none, or where nobody has asked yet. */
  vifOf(pod: Pod): Vif | undefined {
    return this.#vifs.get(keyOf(pod))?.get(pod.metadata.uid ?? '');
  }

  set(pod: Pod, vif: Vif | undefined): void {
    const ofName = this.#vifs.get(keyOf(pod)) ?? new Map<string, Vif | undefined>();
    this.#vifs.set(keyOf(pod), ofName.set(pod.metadata.uid ?? '', vif));
  }

  /** Of every Pod of the name, the first one first. */
  uidsOf(key: ObjectKey): readonly string[] {
    return [...(this.#vifs.get(key)?.keys() ?? [])];
  }

  delete(key: ObjectKey, uid: string): void {
    const ofName = this.#vifs.get(key);
    ofName?.delete(uid);
    if (ofName?.size === 0) this.#vifs.delete(key);
  }
}
