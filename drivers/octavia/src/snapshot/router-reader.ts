import type { Clock } from '@kuryr-l7/kube';
import type { HealthMonitor, L7Policy, L7Rule, Listener, Member, OctaviaClient, Pool } from '@kuryr-l7/openstack';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';
import type { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import { changedAt } from '../load-balancer/octavia-time.js';
import type { Ownership } from '../ownership/ownership.js';
import type { RouterListener, RouterReading } from './router-reading.js';

/** Times that is read anew because somebody else's change was under way. */
const MOST_READINGS = 3;
/**
 * Milliseconds after which the time of a change tells it from the next one. Octavia tells whole seconds (measured), so that
 * two changes within one have the same; the rest is for clocks of the cloud's own machines that differ,
 * and for ours, which counts where Octavia tells no time.
 */
const SETTLED_AFTER = 10_000;

interface Versioned<T> {
  /** Undefined when it may be told of the next change too. */
  readonly version: string | undefined;
  readonly objects: readonly T[];
}

/**
 * Reads a load balancer with few requests however many policies it has: one list each of listeners, pools and monitors and
 * one of policies for each listener, page after page. The rules of a policy take a request of their own, and so do the
 * members of a pool; they are remembered by the fingerprint that Octavia gives with the list: when the policy or pool was
 * last changed, which a change of its rules or members is too (recorded among the expectations of the test bed), and their
 * ids. So an ordinary pass asks only for what has changed since or a moment before, and a full one for everything.
 *
 * A fingerprint in tags would need a write to be kept true, and would not tell what somebody else has done to a rule.
 */
export class RouterReader {
  readonly #octavia: OctaviaClient;
  readonly #loadBalancer: LockedLoadBalancer;
  readonly #id: string;
  readonly #ownership: Ownership;
  readonly #clock: Clock;
  #rules = new Map<string, Versioned<L7Rule>>();
  #members = new Map<string, Versioned<Member>>();

  constructor(
    octavia: OctaviaClient,
    loadBalancer: LockedLoadBalancer,
    id: string,
    ownership: Ownership,
    clock: Clock,
  ) {
    this.#octavia = octavia;
    this.#loadBalancer = loadBalancer;
    this.#id = id;
    this.#ownership = ownership;
    this.#clock = clock;
  }

  /** @throws RouterUnavailableError, TemporaryRouterError */
  async read(listeners: readonly RouterListener[], full: boolean, signal: AbortSignal): Promise<RouterReading> {
    if (full) {
      this.#rules.clear();
      this.#members.clear();
    }
    for (let reading = 1; ; reading += 1) {
      await this.#loadBalancer.whenActive(signal);
      // Told with the answer before: no later than the lists are made, whatever our own clock says.
      const listedAt = this.#octavia.answeredAt() ?? this.#clock.wallTime();
      const lists = await this.#ask(() => this.#lists(listeners, signal));
      const isMoving = [...lists.policies, ...lists.pools].some(({ provisioning_status }) =>
        provisioning_status.startsWith('PENDING'),
      );
      if (isMoving && reading < MOST_READINGS) continue;
      return this.#ask(() => this.#complete(listeners, lists, listedAt, signal));
    }
  }

  /** The rules of a policy or the members of a pool are not as they were, whatever the cloud's clock says. */
  forget(id: string): void {
    this.#rules.delete(id);
    this.#members.delete(id);
  }

  async #lists(listeners: readonly RouterListener[], signal: AbortSignal): Promise<Lists> {
    const here = { loadbalancer_id: this.#id };
    const [present, pools, ...policies] = await Promise.all([
      this.#octavia.listeners.list(here, { signal }),
      this.#octavia.pools.list(here, { signal }),
      ...listeners.map(({ id }) => this.#octavia.l7Policies.list({ listener_id: id }, { signal })),
    ]);
    const ids = new Set(present.map(({ id }) => id));
    const missing = listeners.find(({ id }) => !ids.has(id));
    if (missing !== undefined) {
      throw new RouterUnavailableError(
        `listener ${missing.key} (${missing.id}) is gone: somebody has deleted it and all its policies; it is made anew`,
      );
    }
    const carrying = new Set(listeners.map(({ id }) => id));
    const disabled = present.find((one) => !one.admin_state_up && carrying.has(one.id) && this.#ownership.isOurs(one));
    if (disabled !== undefined) {
      throw new RouterUnavailableError(
        `listener ${disabled.name} (${disabled.id}) is disabled: somebody has set its admin_state_up to false; it is ours, and is enabled again`,
      );
    }
    const monitored = pools.filter(({ healthmonitor_id }) => healthmonitor_id !== null);
    const monitors = monitored.length === 0 ? [] : await this.#monitors(monitored, signal);
    return {
      allListeners: present,
      pools,
      policies: policies.flat(),
      healthMonitors: new Map(monitors.map((monitor) => [monitor.id, monitor])),
    };
  }

  async #monitors(pools: readonly Pool[], signal: AbortSignal): Promise<readonly HealthMonitor[]> {
    const [pool] = pools;
    if (pool === undefined) return [];
    if (pools.length === 1) return this.#octavia.healthMonitors.list({ pool_id: pool.id }, { signal });
    return this.#octavia.healthMonitors.list({ project_id: pool.project_id }, { signal });
  }

  async #complete(
    listeners: readonly RouterListener[],
    lists: Lists,
    listedAt: number,
    signal: AbortSignal,
  ): Promise<RouterReading> {
    const { l7Rules, members } = this.#octavia;
    this.#rules = await refreshed(
      this.#rules,
      lists.policies,
      listedAt,
      ({ rules }) => rules,
      (id) => l7Rules.list(id, {}, { signal }),
    );
    this.#members = await refreshed(
      this.#members,
      lists.pools,
      listedAt,
      (pool) => pool.members,
      (id) => members.list(id, {}, { signal }),
    );
    return { ...lists, listeners, rules: objectsOf(this.#rules), members: objectsOf(this.#members) };
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw asRouterError(error, `read load balancer ${this.#id}`);
    }
  }
}

interface Lists {
  readonly allListeners: readonly Listener[];
  readonly policies: readonly L7Policy[];
  readonly pools: readonly Pool[];
  readonly healthMonitors: ReadonlyMap<string, HealthMonitor>;
}

type Parent = Pick<L7Policy | Pool, 'id' | 'updated_at' | 'created_at'>;

/** Lists the children of every parent whose fingerprint is another than remembered, or tells too little. */
async function refreshed<P extends Parent, C>(
  remembered: ReadonlyMap<string, Versioned<C>>,
  parents: readonly P[],
  listedAt: number,
  children: (parent: P) => readonly { readonly id: string }[],
  list: (id: string) => Promise<readonly C[]>,
): Promise<Map<string, Versioned<C>>> {
  const entries = parents.map(async (parent): Promise<readonly [string, Versioned<C>]> => {
    const ids = children(parent).map(({ id }) => id);
    const time = changedAt(parent);
    const version = listedAt - time > SETTLED_AFTER ? [time, ...ids.sort()].join(' ') : undefined;
    const known = remembered.get(parent.id);
    if (version !== undefined && known?.version === version) return [parent.id, known];
    return [parent.id, { version, objects: ids.length === 0 ? [] : await list(parent.id) }];
  });
  return new Map(await Promise.all(entries));
}

function objectsOf<T>(versions: ReadonlyMap<string, Versioned<T>>): ReadonlyMap<string, readonly T[]> {
  return new Map([...versions].map(([id, { objects }]) => [id, objects]));
}
