import type { PoolRequest } from '../../compilation.js';
import { compareText } from '../../policy-order.js';
import { keep, keepList } from '../same.js';

type PoolsByName = ReadonlyMap<string, PoolRequest>;

/** The pools that hosts and their guards lead to, each once, with how many of them do. */
export class PoolTable {
  readonly #uses = new Map<string, { pool: PoolRequest; users: number }>();
  #list: readonly PoolRequest[] = [];
  /** A pool came, went or changed since. */
  #listIsOld = false;

  /** What one host or guard led to before, and what it leads to now. */
  replace(before: PoolsByName | undefined, after: PoolsByName | undefined): void {
    for (const [name, pool] of after ?? []) {
      const use = this.#uses.get(name) ?? { pool, users: 0 };
      const kept = keep(use.pool, pool);
      if (use.users === 0 || kept !== use.pool) this.#listIsOld = true;
      this.#uses.set(name, { pool: kept, users: use.users + 1 });
    }
    for (const [name] of before ?? []) {
      const use = this.#uses.get(name);
      if (use === undefined) continue;
      use.users -= 1;
      if (use.users === 0) this.#listIsOld = true;
    }
  }

  /** Sorted by name. Only now are pools forgotten that nobody leads to, as one may have passed from host to host. */
  list(): readonly PoolRequest[] {
    if (!this.#listIsOld) return this.#list;
    this.#listIsOld = false;
    for (const [name, { users }] of this.#uses) if (users === 0) this.#uses.delete(name);
    const pools = [...this.#uses.values()].map(({ pool }) => pool);
    this.#list = keepList(
      this.#list,
      pools.sort((a, b) => compareText(a.name, b.name)),
    );
    return this.#list;
  }
}
