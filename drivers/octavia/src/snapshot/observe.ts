import type { L7Policy, Pool } from '@kuryr-l7/openstack';
import type { L7PolicyAction, ObservedPolicy, ObservedPool, ObservedRouter } from '@kuryr-l7/router';
import type { Ownership } from '../ownership/ownership.js';
import { KnownObjects } from './known-objects.js';
import type { RouterListener, RouterReading } from './router-reading.js';
import { isOurKind, readAlgorithm, readHealthMonitor, readMembers, readRules } from './translate.js';

const ACTIONS: readonly L7PolicyAction[] = ['REJECT', 'REDIRECT_TO_URL', 'REDIRECT_PREFIX', 'REDIRECT_TO_POOL'];

export interface Observation {
  readonly observed: ObservedRouter;
  readonly known: KnownObjects;
  /** Objects of ours that stay PENDING below an ACTIVE load balancer, for a warning. */
  readonly stuck: readonly string[];
}

/** What the names of pools depend on beside their tags. */
export interface ObservationTerms {
  readonly poolProtocol: 'HTTP' | 'PROXY' | 'PROXYV2';
  /** Id of the pool that answers 404. */
  readonly notFoundPool?: string;
}

/**
 * What the pool that answers 404 is called here, however it is at Octavia, so that nobody takes its name: pools of Services
 * have a `_` in theirs, and another pool that is called so is told with its id.
 */
export const NOT_FOUND_POOL_NAME = 'not-found';

/**
 * What a reading means in our terms. What is not ours, or can't be changed, is `foreign`.
 *
 * Of several policies with one key (a create that was made twice) the first sound one has it, of several pools with one
 * name the one that policies lead to; the others are told by another key, so that they are deleted. So is a pool of
 * another protocol than wanted: a pool's protocol never changes, and another one is made in its place.
 */
export function observe(reading: RouterReading, ownership: Ownership, terms: ObservationTerms): Observation {
  const observer = new Observer(reading, ownership, terms);
  const listeners = reading.listeners.map((listener) => {
    const { key, protocol, port } = listener;
    return { key, protocol, port, policies: observer.policies(listener), unmatched: observer.unmatched(listener) };
  });
  return { observed: { listeners, pools: observer.pools }, known: observer.known, stuck: observer.stuck };
}

class Observer {
  readonly known = new KnownObjects();
  readonly stuck: string[] = [];
  /** What listeners and policies lead to, by names that are given here. */
  readonly pools: readonly ObservedPool[];
  readonly #poolNames = new Map<string, string>();

  constructor(
    private readonly reading: RouterReading,
    private readonly ownership: Ownership,
    private readonly terms: ObservationTerms,
  ) {
    this.pools = this.#observePools();
  }

  #observePools(): readonly ObservedPool[] {
    const { pools, members, healthMonitors } = this.reading;
    const taken = new Set<string>();
    const used = new Set(this.reading.policies.map(({ redirect_pool_id }) => redirect_pool_id));
    const unused = ({ id }: Pool): number => (used.has(id) ? 0 : 1);
    const sorted = pools.toSorted((a, b) => this.#preference(a) - this.#preference(b) || unused(a) - unused(b));
    const observed = new Map<string, ObservedPool>();
    for (const pool of sorted) {
      const { id, tags, provisioning_status: status } = pool;
      const ours = this.#isOurs(pool);
      const isStuck = ours && status.startsWith('PENDING');
      const told = id === this.terms.notFoundPool ? NOT_FOUND_POOL_NAME : pool.name;
      const wanted = (ours ? this.ownership.keyOf(pool) : undefined) ?? told;
      const otherProtocol = ours && pool.protocol !== this.terms.poolProtocol;
      const name = wanted === '' || taken.has(wanted) || isStuck || otherProtocol ? `${wanted} (${id})` : wanted;
      taken.add(name);
      this.#poolNames.set(id, name);
      const monitor = pool.healthmonitor_id === null ? undefined : healthMonitors.get(pool.healthmonitor_id);
      const healthMonitor = monitor === undefined ? undefined : readHealthMonitor(monitor);
      observed.set(id, {
        name,
        protocol: 'HTTP',
        lbAlgorithm: readAlgorithm(pool.lb_algorithm),
        members: readMembers(members.get(id) ?? []),
        ...(healthMonitor !== undefined && { healthMonitor }),
        source: this.ownership.sourceOf(pool),
        id,
        ...((!ours || isStuck) && { foreign: true }),
        ...(ours && status === 'ERROR' && { failed: true }),
        ...(ours && !pool.admin_state_up && { disabled: true }),
      });
      if (isStuck) this.#setStuck('pool', wanted, `pool ${wanted} (${id}) in ${status}`, status);
      if (!ours || isStuck) this.known.foreignPools.set(name, id);
      else this.known.pools.set(name, { id, tags });
    }
    return pools.flatMap(({ id }) => observed.get(id) ?? []);
  }

  /** The default pool of the listener; HAProxy answers 503 where there is none. */
  unmatched({ id }: RouterListener): { readonly pool: string } | { readonly statusCode: number } {
    const pool = this.reading.allListeners.find((listener) => listener.id === id)?.default_pool_id ?? undefined;
    return pool === undefined ? { statusCode: 503 } : { pool: this.#poolNames.get(pool) ?? pool };
  }

  policies(listener: RouterListener): readonly ObservedPolicy[] {
    const { policies } = this.reading;
    const here = policies.filter((policy) => policy.listener_id === listener.id);
    const keys = new Map<string, string>();
    for (const policy of here.toSorted(
      (a, b) => this.#preference(a) - this.#preference(b) || a.position - b.position,
    )) {
      if (!this.ownership.isOurs(policy) || policy.provisioning_status.startsWith('PENDING')) continue;
      const key = this.ownership.keyOf(policy);
      const isFirst = key !== undefined && !keys.has(key);
      keys.set(isFirst ? key : `${key ?? policy.name} (${policy.id})`, policy.id);
    }
    const keyById = new Map([...keys].map(([key, id]) => [id, key]));
    this.known.listeners.set(listener.key, listener.id);
    const ordered = byPosition(here);
    this.known.setOrder(
      listener.key,
      ordered.map(({ id }) => id),
    );
    return ordered.map((policy) => this.#policy(listener, policy, keyById));
  }

  #policy(listener: RouterListener, policy: L7Policy, keys: ReadonlyMap<string, string>): ObservedPolicy {
    const { id, tags, admin_state_up: enabled, provisioning_status: status } = policy;
    const rulesRead = this.reading.rules.get(id) ?? [];
    const rules = readRules(rulesRead);
    const key = keys.get(id);
    const name = this.ownership.keyOf(policy) ?? policy.name;
    if (key !== undefined) this.known.setPolicy(listener.key, key, { id, tags, rules });
    else if (this.ownership.isOurs(policy)) {
      this.#setStuck('policy', `${listener.key} ${name}`, `l7policy ${name} (${id}) in ${status}`, status);
    }
    const failed =
      status === 'ERROR' || rulesRead.some((rule) => rule.provisioning_status === 'ERROR' || !isOurKind(rule));
    return {
      key: key ?? name,
      ...this.#target(policy),
      enabled,
      rules: rules.map(({ rule }) => rule),
      source: this.ownership.sourceOf(policy),
      id,
      ...(key === undefined && { foreign: true }),
      ...(key !== undefined && failed && { failed: true }),
    };
  }

  #target(policy: L7Policy): Pick<ObservedPolicy, 'action' | 'redirectPool' | 'redirectUrl' | 'redirectPrefix'> {
    const { redirect_pool_id, redirect_url, redirect_prefix, redirect_http_code } = policy;
    const redirectPool =
      redirect_pool_id === null ? undefined : (this.#poolNames.get(redirect_pool_id) ?? redirect_pool_id);
    return {
      action: ACTIONS.find((action) => action === policy.action) ?? 'REJECT',
      ...(redirectPool !== undefined && { redirectPool }),
      ...(redirect_url !== null && { redirectUrl: redirect_url }),
      ...(redirect_prefix !== null && { redirectPrefix: redirect_prefix }),
      ...(redirect_http_code !== null && { redirectHttpCode: redirect_http_code }),
    };
  }

  #setStuck(kind: 'pool' | 'policy', key: string, title: string, state: string): void {
    this.known.setStuck(kind, key, state);
    this.stuck.push(title);
  }

  /** The pool that answers 404 is the administrator's, whatever its tags. */
  #isOurs(object: L7Policy | Pool): boolean {
    return object.id !== this.terms.notFoundPool && this.ownership.isOurs(object);
  }

  /** Ours before other people's, which may be called the same, and the sound ones first. */
  #preference(object: L7Policy | Pool): number {
    if (object.id === this.terms.notFoundPool) return -1;
    return (this.#isOurs(object) ? 0 : 2) + (object.provisioning_status === 'ERROR' ? 1 : 0);
  }
}

export function byPosition(policies: readonly L7Policy[]): readonly L7Policy[] {
  return policies.toSorted((a, b) => a.position - b.position);
}
