import { Children } from './children.js';
import type { Child, HealthMonitor, L7Policy, L7Rule, Listener, LoadBalancer, Member, Pool } from './objects.js';

/** Everything stored, in order of creation, and how it hangs together. */
export class OctaviaState {
  readonly loadBalancers = new Map<string, LoadBalancer>();
  readonly listeners = new Children<Listener>(({ loadbalancer_id }) => loadbalancer_id);
  readonly pools = new Children<Pool>(({ loadbalancer_id }) => loadbalancer_id);
  readonly members = new Children<Member>(({ pool_id }) => pool_id);
  readonly healthMonitors = new Children<HealthMonitor>(({ pool_id }) => pool_id);
  readonly l7Policies = new Children<L7Policy>(({ listener_id }) => listener_id);
  readonly l7Rules = new Children<L7Rule>(({ l7policy_id }) => l7policy_id);

  listenersOf({ id }: Pick<LoadBalancer, 'id'>): Listener[] {
    return this.listeners.of(id);
  }

  poolsOf({ id }: Pick<LoadBalancer, 'id'>): Pool[] {
    return this.pools.of(id);
  }

  membersOf({ id }: Pick<Pool, 'id'>): Member[] {
    return this.members.of(id);
  }

  healthMonitorOf({ id }: Pick<Pool, 'id'>): HealthMonitor | undefined {
    return this.healthMonitors.of(id)[0];
  }

  /** In order of position. */
  policiesOf({ id }: Pick<Listener, 'id'>): L7Policy[] {
    return this.l7Policies.of(id).sort((a, b) => a.position - b.position);
  }

  /** In order of id, as Octavia answers them. */
  rulesOf({ id }: Pick<L7Policy, 'id'>): L7Rule[] {
    return this.l7Rules.of(id).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  policiesLeadingTo({ id }: Pick<Pool, 'id'>): L7Policy[] {
    return [...this.l7Policies.values()].filter((policy) => policy.redirect_pool_id === id);
  }

  /** Listeners that a change of the pool affects: where it is the default, or an enabled policy with rules leads to it. */
  listenersUsing(pool: Pick<Pool, 'id'>): Listener[] {
    const effective = this.policiesLeadingTo(pool).filter((policy) => this.#isEffective(policy));
    const ids = new Set(effective.map((policy) => policy.listener_id));
    return [...this.listeners.values()].filter(({ id, default_pool_id }) => default_pool_id === pool.id || ids.has(id));
  }

  /** Pools that a listener sends requests to. */
  poolsUsedBy(listener: Listener): Pool[] {
    const effective = this.policiesOf(listener).filter((policy) => this.#isEffective(policy));
    const ids = new Set([listener.default_pool_id, ...effective.map((policy) => policy.redirect_pool_id)]);
    return this.pools.of(listener.loadbalancer_id).filter(({ id }) => ids.has(id));
  }

  /** Everything under a load balancer. */
  childrenOf(loadBalancer: Pick<LoadBalancer, 'id'>): Child[] {
    const listeners = this.listenersOf(loadBalancer);
    const pools = this.poolsOf(loadBalancer);
    const policies = listeners.flatMap(({ id }) => this.l7Policies.of(id));
    return [
      ...listeners,
      ...pools,
      ...policies,
      ...policies.flatMap(({ id }) => this.l7Rules.of(id)),
      ...pools.flatMap(({ id }) => [...this.members.of(id), ...this.healthMonitors.of(id)]),
    ];
  }

  countChildren({ id }: Pick<LoadBalancer, 'id'>): number {
    const listeners = this.listeners.of(id);
    const pools = this.pools.of(id);
    const policies = listeners.flatMap((listener) => this.l7Policies.of(listener.id));
    const rules = policies.reduce((sum, policy) => sum + this.l7Rules.count(policy.id), 0);
    const members = pools.reduce(
      (sum, pool) => sum + this.members.count(pool.id) + this.healthMonitors.count(pool.id),
      0,
    );
    return listeners.length + pools.length + policies.length + rules + members;
  }

  loadBalancerOf(child: Child): LoadBalancer | undefined {
    switch (child.kind) {
      case 'listener':
      case 'pool':
        return this.loadBalancers.get(child.loadbalancer_id);
      case 'member':
      case 'healthmonitor':
        return this.#above(this.pools.get(child.pool_id));
      case 'l7policy':
        return this.#above(this.listeners.get(child.listener_id));
      case 'l7rule':
        return this.#above(this.l7Policies.get(child.l7policy_id));
    }
  }

  /** Takes an object out, with what is under it; positions stay dense, and who used a pool uses none. */
  remove(object: Child | LoadBalancer): void {
    switch (object.kind) {
      case 'loadbalancer':
        for (const child of this.childrenOf(object)) this.remove(child);
        this.loadBalancers.delete(object.id);
        break;
      case 'listener':
        for (const policy of this.policiesOf(object)) this.remove(policy);
        this.listeners.delete(object.id);
        break;
      case 'pool':
        for (const member of this.membersOf(object)) this.remove(member);
        for (const listener of this.listeners.values()) {
          if (listener.default_pool_id === object.id) listener.default_pool_id = null;
        }
        for (const policy of this.policiesLeadingTo(object)) policy.redirect_pool_id = null;
        this.#removeMonitor(object);
        this.pools.delete(object.id);
        break;
      case 'l7policy':
        for (const rule of this.rulesOf(object)) this.l7Rules.delete(rule.id);
        this.l7Policies.delete(object.id);
        this.#renumber(this.policiesOf({ id: object.listener_id }));
        break;
      case 'member':
        this.members.delete(object.id);
        break;
      case 'healthmonitor':
        this.healthMonitors.delete(object.id);
        break;
      case 'l7rule':
        this.l7Rules.delete(object.id);
        break;
    }
  }

  /** Puts a policy where it is wanted; the others make room, and positions stay dense. */
  place(policy: L7Policy, position: number): void {
    const others = this.policiesOf({ id: policy.listener_id }).filter(({ id }) => id !== policy.id);
    others.splice(position - 1, 0, policy);
    this.#renumber(others);
  }

  /** Positions of the neighbours change silently: neither their status nor `updated_at` shows it. */
  #renumber(policies: readonly L7Policy[]): void {
    for (const [index, policy] of policies.entries()) policy.position = index + 1;
  }

  #removeMonitor(pool: Pool): void {
    const monitor = this.healthMonitorOf(pool);
    if (monitor !== undefined) this.healthMonitors.delete(monitor.id);
  }

  #isEffective(policy: L7Policy): boolean {
    return policy.admin_state_up && this.l7Rules.count(policy.id) > 0;
  }

  #above(parent: Child | undefined): LoadBalancer | undefined {
    return parent === undefined ? undefined : this.loadBalancerOf(parent);
  }
}
