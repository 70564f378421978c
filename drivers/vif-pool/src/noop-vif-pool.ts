import type { Vif } from '@kuryr-l7/kuryr-objects';
import {
  type ObjectOf,
  type PODS,
  type PodVifDriver,
  TOKENS,
  type VifPlace,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';

/** Keeps none ready: each Pod's VIF is made for it and deleted after it. */
@injectable()
export class NoopVifPool implements VifPoolDriver {
  readonly name = 'noop';

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

  updateVifSecurityGroups(vif: Pick<Vif, 'id'>, groups: readonly string[], signal: AbortSignal): Promise<void> {
    return this.vifs.updateVifSecurityGroups(vif, groups, signal);
  }

  /** Deletes what is no Pod's; what a pool has left when it was switched off, too. */
  async syncPools(podUids: () => ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const held = await this.vifs.heldVifs(signal);
    const there = podUids();
    for (const { id, podUid } of held) {
      if (podUid === undefined || !there.has(podUid)) await this.vifs.releaseVif({ id }, signal);
    }
  }
}
