import { FailureLog } from '@kuryr-l7/kube';
import { type Configuration, type Logger, type ObjectOf, type PODS, type VifPlace } from '@kuryr-l7/plugin';
import type { WantedVif } from './free-vifs.js';
import { PORTS_POOL_BATCH, PORTS_POOL_MIN, PORTS_POOL_UPDATE_FREQUENCY } from './options.js';

/** A Pod that needs a VIF, and what more of the same are made like. */
export interface VifRequest {
  readonly pod: ObjectOf<typeof PODS>;
  readonly place: VifPlace;
  readonly wanted: WantedVif;
}

export interface PoolFillingsOptions {
  readonly configuration: Configuration;
  readonly logger: Logger;
  /** How many are ready of what a Pod needs. */
  readonly count: (wanted: WantedVif) => number;
  /** Returns when it is known what became of all that was begun before. */
  readonly settle: () => Promise<void>;
  /** Makes more of them. */
  readonly make: (request: VifRequest, count: number) => Promise<void>;
}

/** Says when more VIFs are made in advance, and how many. */
export class PoolFillings {
  readonly #underWay = new Map<string, Promise<void>>();
  /** When each pool was filled last: milliseconds, of no meaning but as a difference. */
  readonly #filled = new Map<string, { readonly wanted: WantedVif; readonly at: number }>();
  readonly #failures: FailureLog;

  constructor(private readonly options: PoolFillingsOptions) {
    this.#failures = new FailureLog(options.logger, { level: 'warn' });
  }

  /** In the background, and not too often. */
  refill(request: VifRequest): void {
    const { configuration, count } = this.options;
    if (count(request.wanted) >= configuration.get(PORTS_POOL_MIN)) return;
    const pool = poolOf(request.wanted);
    const pause = configuration.get(PORTS_POOL_UPDATE_FREQUENCY) * 1_000;
    if (performance.now() - (this.#filled.get(pool)?.at ?? Number.NEGATIVE_INFINITY) < pause) return;
    this.fill(request).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#failures.add(pool, `a pool of VIFs could not be filled up: ${reason}`, { pool });
    });
  }

  /** However many ask for it at once, a pool is filled once. */
  fill(request: VifRequest): Promise<void> {
    const { wanted } = request;
    const pool = poolOf(wanted);
    const underWay = this.#underWay.get(pool);
    if (underWay !== undefined) return underWay;
    this.#filled.set(pool, { wanted, at: performance.now() });
    const filling = this.#fill(request)
      .then(() => void this.#failures.clear(pool))
      .finally(() => this.#underWay.delete(pool));
    this.#underWay.set(pool, filling);
    return filling;
  }

  /** When such pools were filled last, and that they could not be: no Pod comes to them any more. */
  forget(isSuch: (wanted: WantedVif) => boolean): void {
    for (const [pool, { wanted }] of this.#filled) {
      if (!isSuch(wanted)) continue;
      this.#filled.delete(pool);
      this.#failures.clear(pool);
    }
  }

  /** Returns when none is under way any more. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }

  async #fill(request: VifRequest): Promise<void> {
    const { configuration, count, settle, make } = this.options;
    await settle();
    const missing = configuration.get(PORTS_POOL_MIN) - count(request.wanted);
    if (missing > 0) await make(request, Math.max(configuration.get(PORTS_POOL_BATCH), missing));
  }
}

/** For people, too. */
function poolOf({ node, projectId, subnetIds }: WantedVif): string {
  return [node, projectId, ...subnetIds].join(' ');
}
