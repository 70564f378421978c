import type { L7Policy, Pool } from '@kuryr-l7/openstack';
import { changedAt } from '../load-balancer/octavia-time.js';

/**
 * Milliseconds after which the time of a change tells it from the next one. Octavia tells whole seconds (measured), so that
 * two changes within one have the same; the rest is for clocks of the cloud's own machines that differ,
 * and for ours, which counts where Octavia tells no time.
 */
const SETTLED_AFTER = 10_000;

/**
 * Milliseconds of lock from which somebody else's change, which locks as long, can't have been told in the same second as
 * ours before it.
 */
const SLOW_LOCK = 2_000;

type Parent = Pick<L7Policy | Pool, 'id' | 'updated_at' | 'created_at'>;

interface Versioned<C> {
  /** Undefined when it may be told of the next change too. */
  readonly version: string | undefined;
  readonly children: readonly C[];
}

/**
 * Rules of policies, or members of pools, as they were read last. Each parent's take a request of their own, for which
 * Octavia loads the whole load balancer (measured: 3 to 5 s of an API worker's time with 50 pools and 28 policies). They
 * are remembered by the fingerprint that comes with the list of parents: when the parent was last changed, which a change of
 * its children is too (recorded among the expectations of the test bed), and their ids.
 *
 * A fingerprint in tags would need a write to be kept true, and would not tell what somebody else has done to a rule.
 */
export class RememberedChildren<P extends Parent, C> {
  #known = new Map<string, Versioned<C>>();

  /** @param idsOf the ids of the children, as the parent tells them */
  constructor(private readonly idsOf: (parent: P) => readonly { readonly id: string }[]) {}

  /**
   * Of all parents: asks for what has changed since it was read, or a moment before.
   *
   * @param listedAt milliseconds since the epoch by Octavia's clock, no later than the parents were listed
   */
  async of(
    parents: readonly P[],
    listedAt: number,
    list: (id: string) => Promise<readonly C[]>,
  ): Promise<ReadonlyMap<string, readonly C[]>> {
    const entries = parents.map(async (parent): Promise<readonly [string, Versioned<C>]> => {
      const children = this.#at(parent);
      if (children !== undefined) return [parent.id, { version: this.#versionOf(parent), children }];
      const isTold = listedAt - changedAt(parent) > SETTLED_AFTER;
      const version = isTold ? this.#versionOf(parent) : undefined;
      return [parent.id, { version, children: this.idsOf(parent).length === 0 ? [] : await list(parent.id) }];
    });
    this.#known = new Map(await Promise.all(entries));
    return new Map([...this.#known].map(([id, { children }]) => [id, children]));
  }

  /** For who is about to change the parent: nothing is remembered of it from then on, whatever the cloud's clock says. */
  take(parent: P): readonly C[] | undefined {
    const children = this.#at(parent);
    this.#known.delete(parent.id);
    return children;
  }

  /**
   * After a change of ours, so that it need not be read again; not where load balancers are locked for so short a time that
   * somebody else's change may have followed within the same second. Reading again takes little time there.
   *
   * @param parent read after the change
   * @param children read after the parent
   * @param lockTime milliseconds that a change locks the load balancer
   */
  remember(parent: P, children: readonly C[], lockTime: number): void {
    if (lockTime < SLOW_LOCK || this.idsOf(parent).length !== children.length) return;
    this.#known.set(parent.id, { version: this.#versionOf(parent), children });
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  clear(): void {
    this.#known.clear();
  }

  #at(parent: P): readonly C[] | undefined {
    const known = this.#known.get(parent.id);
    return known?.version === this.#versionOf(parent) ? known.children : undefined;
  }

  #versionOf(parent: P): string {
    const ids = this.idsOf(parent).map(({ id }) => id);
    return [changedAt(parent), ...ids.sort()].join(' ');
  }
}
