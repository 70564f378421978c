import type { CallOptions } from '../api/call-options.js';
import type { Collection } from '../api/collection.js';
import type { TagFilter } from '../api/tag-filter.js';
import type { HealthMonitor, HealthMonitorCreate, HealthMonitorUpdate } from './health-monitor.js';
import type { L7Policy, L7PolicyCreate, L7PolicyUpdate } from './l7-policy.js';
import type { L7Rule, L7RuleFields, L7RuleUpdate } from './l7-rule.js';
import type { Listener, ListenerCreate, ListenerUpdate } from './listener.js';
import type { LoadBalancer, LoadBalancerCreate, LoadBalancerUpdate } from './load-balancer.js';
import type { Member, MemberFields, MemberUpdate } from './member.js';
import type { OctaviaCapabilities } from './octavia-capabilities.js';
import type { Pool, PoolCreate, PoolUpdate } from './pool.js';
import type { Provider } from './provider.js';
import type { LoadBalancerQuota, LoadBalancerQuotaUpdate } from './quota.js';
import type { LoadBalancerStatus, TrafficStatistics } from './status-tree.js';
import type { ProvisioningStatus } from './statuses.js';

/** Filters that every list of Octavia takes; each is an exact match. */
export interface OctaviaFilter extends TagFilter {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly project_id?: string;
  readonly provisioning_status?: ProvisioningStatus;
  readonly operating_status?: string;
  readonly admin_state_up?: boolean;
  /** Objects of one page. @default the cloud's, usually 1000 */
  readonly limit?: number;
  /** E.g. `position:asc`. @default created_at, id */
  readonly sort?: string;
}

export interface LoadBalancerFilter extends OctaviaFilter {
  readonly provider?: string;
  readonly vip_address?: string;
  readonly vip_port_id?: string;
  readonly vip_subnet_id?: string;
}

/** Of listeners and pools. */
export interface ChildFilter extends OctaviaFilter {
  readonly loadbalancer_id?: string;
}

export interface ListenerFilter extends ChildFilter {
  readonly protocol?: string;
  readonly protocol_port?: number;
}

export interface HealthMonitorFilter extends OctaviaFilter {
  readonly pool_id?: string;
}

export interface L7PolicyFilter extends OctaviaFilter {
  readonly listener_id?: string;
}

/** Objects that live below another: each method takes the id of that first. */
export interface NestedCollection<T, Create, Update, Filter> {
  list(parentId: string, filter?: Filter, options?: CallOptions): Promise<readonly T[]>;
  get(parentId: string, id: string, options?: CallOptions): Promise<T>;
  create(parentId: string, fields: Create, options?: CallOptions): Promise<T>;
  update(parentId: string, id: string, fields: Update, options?: CallOptions): Promise<T>;
  delete(parentId: string, id: string, options?: CallOptions): Promise<void>;
}

export interface LoadBalancers
  extends Omit<Collection<LoadBalancer, LoadBalancerCreate, LoadBalancerUpdate, LoadBalancerFilter>, 'delete'> {
  /** All that is below it in one request; L7 policies are not told. */
  status(id: string, options?: CallOptions): Promise<LoadBalancerStatus>;
  statistics(id: string, options?: CallOptions): Promise<TrafficStatistics>;
  /** @param options.cascade With everything below it; without, one that has children is a BadRequestError. */
  delete(id: string, options?: CallOptions & { readonly cascade?: boolean }): Promise<void>;
}

export interface Listeners extends Collection<Listener, ListenerCreate, ListenerUpdate, ListenerFilter> {
  statistics(id: string, options?: CallOptions): Promise<TrafficStatistics>;
}

export interface Members extends NestedCollection<Member, MemberFields, MemberUpdate, OctaviaFilter> {
  /**
   * Adds, changes and deletes members in one write, so that the pool has those given. A pool that has them already is
   * locked and reloaded all the same.
   *
   * @param options.additiveOnly Deletes none. Since 2.11.
   * @throws BadRequestError, ConflictError two of the same address and port
   */
  replace(
    poolId: string,
    members: readonly MemberFields[],
    options?: CallOptions & { readonly additiveOnly?: boolean },
  ): Promise<void>;
}

export interface LoadBalancerQuotas {
  get(projectId: string, options?: CallOptions): Promise<LoadBalancerQuota>;
  defaults(options?: CallOptions): Promise<LoadBalancerQuota>;
  update(projectId: string, quota: LoadBalancerQuotaUpdate, options?: CallOptions): Promise<LoadBalancerQuota>;
  /** Back to the defaults. */
  reset(projectId: string, options?: CallOptions): Promise<void>;
}

/**
 * Octavia's API v2. Every change locks the whole load balancer until it is ACTIVE again; until then all others are refused
 * with an ImmutableError.
 */
export interface OctaviaClient {
  readonly loadBalancers: LoadBalancers;
  readonly listeners: Listeners;
  readonly pools: Collection<Pool, PoolCreate, PoolUpdate, ChildFilter>;
  readonly members: Members;
  readonly healthMonitors: Collection<HealthMonitor, HealthMonitorCreate, HealthMonitorUpdate, HealthMonitorFilter>;
  readonly l7Policies: Collection<L7Policy, L7PolicyCreate, L7PolicyUpdate, L7PolicyFilter>;
  readonly l7Rules: NestedCollection<L7Rule, L7RuleFields, L7RuleUpdate, OctaviaFilter>;
  readonly quotas: LoadBalancerQuotas;
  /** Providers enabled in this cloud. */
  providers(options?: CallOptions): Promise<readonly Provider[]>;
  /** What the API knows, read from the versions that it advertises; asked for once. */
  capabilities(options?: CallOptions): Promise<OctaviaCapabilities>;
  /**
   * When Octavia gave its last answer, by its own clock and in whole seconds, which is what its `updated_at` can be held
   * against: milliseconds since the epoch. Undefined where that answer tells no time (uwsgi
   * without a web server in front sends no `Date`, measured), and before the first.
   */
  answeredAt(): number | undefined;
}
