import type { Vif } from '@kuryr-l7/kuryr-objects';
import {
  type HeldVif,
  type ObjectOf,
  type PODS,
  type PodVifDriver,
  TOKENS,
  tryEach,
  type VifPlace,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';

/** Keeps none ready: each Pod's VIF is made for it and deleted after it. */
@injectable()
export class NoopVifPool implements VifPoolDriver {
  readonly name = 'noop';
  readonly #left = new Set<HeldVif>();

  constructor(@inject(TOKENS.podVifDriver) private readonly vifs: PodVifDriver) {}

  requestVif(pod: ObjectOf<typeof PODS>, place: VifPlace, signal: AbortSignal): Promise<Vif> {
    return this.vifs.requestVif(pod, place, signal);
  }

  vifOf(podUid: string, signal: AbortSignal): Promise<Vif | undefined> {
    return this.vifs.vifOf(podUid, signal);
  }

  releaseVif(podUid: string, signal: AbortSignal): Promise<void> {
    return this.vifs.releaseVifOf(podUid, signal);
  }

  activateVif(vif: Vif, signal: AbortSignal): Promise<Vif> {
    return this.vifs.activateVif(vif, signal);
  }

  async syncPools(podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const held = await this.vifs.heldVifs(signal);
    const there = podUids();
    this.#left.clear();
    for (const vif of held) if (!there.has(vif.podUid ?? '')) this.#left.add(vif);
  }

  /** Deletes what is no Pod's; what a pool has left when it was switched off, too. */
  async releaseLeftovers(podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const release = async (vif: HeldVif) => {
      if (!podUids().has(vif.podUid ?? '')) await this.vifs.releaseVif(vif, signal);
      this.#left.delete(vif);
    };
    await tryEach(this.#left, release, signal);
  }
}
