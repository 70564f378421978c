import type { HealthMonitor, L7Policy, L7Rule, Listener, Member, Pool } from '@kuryr-l7/openstack';
import type { ListenerIdentity } from '@kuryr-l7/router';

/** A listener that carries policies, and its id at Octavia. */
export interface RouterListener extends ListenerIdentity {
  readonly id: string;
}

/** Everything of a load balancer that a snapshot is made of, as Octavia tells it. */
export interface RouterReading {
  /** All of the load balancer, those that carry no policies too. */
  readonly allListeners: readonly Listener[];
  readonly listeners: readonly RouterListener[];
  /** Of these listeners, in any order. */
  readonly policies: readonly L7Policy[];
  readonly pools: readonly Pool[];
  /** By id. */
  readonly healthMonitors: ReadonlyMap<string, HealthMonitor>;
  /** By the id of their policy. */
  readonly rules: ReadonlyMap<string, readonly L7Rule[]>;
  /** By the id of their pool. */
  readonly members: ReadonlyMap<string, readonly Member[]>;
}
