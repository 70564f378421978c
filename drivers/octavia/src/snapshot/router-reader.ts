import type { Clock } from '@kuryr-l7/kube';
import type { HealthMonitor, L7Policy, L7Rule, Listener, Member, OctaviaClient, Pool } from '@kuryr-l7/openstack';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import { asRouterError } from '../cloud-errors.js';
import type { LockedLoadBalancer } from '../load-balancer/locked-load-balancer.js';
import type { Ownership } from '../ownership/ownership.js';
import { RememberedChildren } from './remembered-children.js';
import type { RouterListener, RouterReading } from './router-reading.js';

/** Times that is read anew because somebody else's change was under way. */
const MOST_READINGS = 3;
/**
 * Reads a load balancer with few requests however many policies it has: one list each of listeners, pools and monitors and
 * one of policies for each listener, page after page. An ordinary pass asks for the rules and members of those only that
 * have changed since they were read, a full one for everything.
 */
export class RouterReader {
  readonly #octavia: OctaviaClient;
  readonly #loadBalancer: LockedLoadBalancer;
  readonly #id: string;
  readonly #ownership: Ownership;
  readonly #clock: Clock;
  /** Whoever writes tells here what was read after it. */
  readonly rules = new RememberedChildren<L7Policy, L7Rule>((policy) => policy.rules);
  readonly members = new RememberedChildren<Pool, Member>((pool) => pool.members);

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
      this.rules.clear();
      this.members.clear();
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
    const rules = await this.rules.of(lists.policies, listedAt, (id) => l7Rules.list(id, {}, { signal }));
    return {
      ...lists,
      listeners,
      rules,
      members: await this.members.of(lists.pools, listedAt, (id) => members.list(id, {}, { signal })),
    };
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
