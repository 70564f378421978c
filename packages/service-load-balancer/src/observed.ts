import type {
  HealthMonitor,
  LbAlgorithm,
  ListenerProtocol,
  ListenerSettings,
  Member,
  PoolProtocol,
  SessionPersistence,
} from './model.js';

/** What Octavia has for a Service: usually one load balancer; more after a creation whose answer was lost. */
export interface ObservedLoadBalancer {
  readonly id: string;
  /** It is in ERROR: nothing about it can be changed but that it is deleted. */
  readonly failed: boolean;
  readonly vipAddress: string;
  readonly listeners: readonly ObservedListener[];
  readonly pools: readonly ObservedPool[];
}

export interface ObservedListener {
  readonly id: string;
  /** Undefined: it is not of this cluster, and stays as it is. */
  readonly key: string | undefined;
  /** As text: a foreign one may be of a protocol that is never asked for here. */
  readonly protocol: ListenerProtocol | string;
  readonly port: number;
  readonly settings: ListenerSettings;
  readonly poolId: string | undefined;
  /** In ERROR: written once more. */
  readonly failed: boolean;
}

export interface ObservedPool {
  readonly id: string;
  /** As {@link poolKey} has it. Undefined: it is not of this cluster, and stays as it is. */
  readonly key: string | undefined;
  readonly protocol: PoolProtocol | string;
  readonly lbAlgorithm: LbAlgorithm | string;
  readonly sessionPersistence?: SessionPersistence | { readonly type: string };
  readonly members: readonly ObservedMember[];
  readonly healthMonitor?: ObservedHealthMonitor;
  readonly failed: boolean;
}

export interface ObservedMember extends Member {
  readonly failed: boolean;
}

export interface ObservedHealthMonitor extends Omit<HealthMonitor, 'type'> {
  readonly id: string;
  readonly type: HealthMonitor['type'] | string;
  /** Not of this cluster: it stays, and ours is not made beside it, as a pool has one. */
  readonly foreign: boolean;
  readonly failed: boolean;
}
