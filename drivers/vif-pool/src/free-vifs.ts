/** A VIF that nobody uses. */
export interface FreeVif {
  readonly id: string;
  /** Which Pods can have it: those of the same node, project and network. */
  readonly pool: string;
  /** Ids, sorted. */
  readonly securityGroups: readonly string[];
}

/** The VIFs that nobody uses, by pool, the longest unused first. */
export class FreeVifs {
  readonly #pools = new Map<string, FreeVif[]>();

  size(pool: string): number {
    return this.#pools.get(pool)?.length ?? 0;
  }

  add(vif: FreeVif): void {
    const pool = this.#pools.get(vif.pool) ?? [];
    pool.push(vif);
    this.#pools.set(vif.pool, pool);
  }

  /** Those of every such pool, which are no more in it. */
  takeAll(isSuch: (pool: string) => boolean): readonly FreeVif[] {
    const pools = [...this.#pools.keys()].filter(isSuch);
    const taken = pools.flatMap((pool) => this.#pools.get(pool) ?? []);
    for (const pool of pools) this.#pools.delete(pool);
    return taken;
  }

  get pools(): readonly string[] {
    return [...this.#pools.keys()];
  }

  /** One with exactly these security groups where there is one: any other needs a write. */
  take(pool: string, securityGroups: readonly string[]): FreeVif | undefined {
    const vifs = this.#pools.get(pool) ?? [];
    const wanted = groupsText(securityGroups);
    const index = vifs.findIndex((vif) => groupsText(vif.securityGroups) === wanted);
    const [vif] = vifs.splice(Math.max(0, index), 1);
    return vif;
  }
}

function groupsText(securityGroups: readonly string[]): string {
  return [...securityGroups].sort().join(' ');
}
