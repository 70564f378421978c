import type { HeldVif } from '@kuryr-l7/plugin';

/** A VIF that nobody uses. */
export type FreeVif = Omit<HeldVif, 'podUid'>;

/** What a Pod asks of one. */
export type WantedVif = Omit<FreeVif, 'id'>;

/** The VIFs that nobody uses, the longest unused first. */
export class FreeVifs {
  /** By node, project and network. */
  readonly #pools = new Map<string, FreeVif[]>();

  get all(): readonly FreeVif[] {
    return [...this.#pools.values()].flat();
  }

  /** How many of them a Pod could have. */
  count(wanted: WantedVif): number {
    const vifs = this.#pools.get(poolOf(wanted)) ?? [];
    return vifs.filter((vif) => fits(vif, wanted)).length;
  }

  add(vif: FreeVif): void {
    const pool = this.#pools.get(poolOf(vif)) ?? [];
    pool.push(vif);
    this.#pools.set(poolOf(vif), pool);
  }

  /** All such, which are no more in it. */
  takeAll(isSuch: (vif: FreeVif) => boolean): readonly FreeVif[] {
    const all = this.all;
    this.#pools.clear();
    for (const vif of all) if (!isSuch(vif)) this.add(vif);
    return all.filter(isSuch);
  }

  /** One with exactly these security groups where there is one: any other has to be changed on its node. */
  take(wanted: WantedVif): FreeVif | undefined {
    const pool = this.#pools.get(poolOf(wanted)) ?? [];
    const fitting = pool.filter((vif) => fits(vif, wanted));
    const groups = groupsText(wanted);
    const vif = fitting.find((one) => groupsText(one) === groups) ?? fitting[0];
    if (vif !== undefined)
      this.#pools.set(
        poolOf(vif),
        pool.filter((one) => one !== vif),
      );
    return vif;
  }
}

/** Whether a VIF is where a Pod needs one, with an address in each of its subnets. */
export function fits(vif: WantedVif, wanted: WantedVif): boolean {
  return poolOf(vif) === poolOf(wanted) && wanted.subnetIds.every((id) => vif.subnetIds.includes(id));
}

function poolOf({ node, projectId, networkId }: WantedVif): string {
  return `${node} ${projectId} ${networkId}`;
}

function groupsText({ securityGroups }: WantedVif): string {
  return [...securityGroups].sort().join(' ');
}
