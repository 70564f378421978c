import type { ObjectKey } from '@kuryr-l7/router';

/** Of a port of a Service. */
export type TransportProtocol = 'TCP' | 'UDP' | 'SCTP';
export type ListenerProtocol = TransportProtocol | 'HTTP' | 'TERMINATED_HTTPS';
export type PoolProtocol = TransportProtocol | 'HTTP' | 'PROXY' | 'PROXYV2';
export type LbAlgorithm = 'ROUND_ROBIN' | 'LEAST_CONNECTIONS' | 'SOURCE_IP' | 'SOURCE_IP_PORT';
export type HealthMonitorType = 'HTTP' | 'SCTP' | 'TCP' | 'UDP-CONNECT';

/** A Service's own load balancer, as it should be. */
export interface LoadBalancer {
  readonly service: ObjectKey;
  /** Kuryr's `<namespace>/<service>`. */
  readonly name: string;
  /** The form that Magnum looks for when it deletes a cluster: `Kubernetes … from cluster <id>`. */
  readonly description: string;
  readonly vip: Vip;
  /** Looked at when the load balancer is made, and never again. */
  readonly placement: Placement;
  /** By their keys, which are unique. */
  readonly listeners: readonly Listener[];
}

export interface Vip {
  /**
   * An address that the load balancer must have, as the clusterIP of the Service; another one has it made anew. Absent:
   * whatever address Neutron gives it.
   */
  readonly address?: string;
  /** An address that it had before, and gets again where that is free. */
  readonly preferredAddress?: string;
  /** Where a new one gets its VIP; the first of port, network and subnet that is given counts. */
  readonly portId?: string;
  readonly networkId?: string;
  readonly subnetId?: string;
}

export interface Placement {
  /** Octavia's provider; absent: the cloud's default. */
  readonly provider?: string;
  readonly flavorId?: string;
  readonly availabilityZone?: string;
}

export interface Listener {
  /** `<protocol>:<port>` of the port of the Service, e.g. `TCP:80`. */
  readonly key: string;
  /** Never changes in Octavia, as does the port. */
  readonly protocol: ListenerProtocol;
  readonly port: number;
  readonly settings: ListenerSettings;
  readonly pool: Pool;
}

/** What is absent is left to Octavia. */
export interface ListenerSettings {
  /** Sorted. Empty: everybody. */
  readonly allowedCidrs: readonly string[];
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** Names of header fields, sorted. */
  readonly insertHeaders: readonly string[];
  /** Milliseconds, as are the other three. */
  readonly timeoutClientData?: number;
  readonly timeoutMemberConnect?: number;
  readonly timeoutMemberData?: number;
  readonly timeoutTcpInspect?: number;
  /** Barbican's reference to the certificate of a TERMINATED_HTTPS listener. */
  readonly defaultTlsContainerRef?: string;
}

export interface Pool {
  /** Never changes in Octavia. */
  readonly protocol: PoolProtocol;
  readonly lbAlgorithm: LbAlgorithm;
  readonly sessionPersistence?: SessionPersistence;
  /** Unique by address and port, and sorted by them. */
  readonly members: readonly Member[];
  readonly healthMonitor?: HealthMonitor;
}

export interface SessionPersistence {
  readonly type: 'SOURCE_IP';
  /** Seconds; only of UDP and SCTP. */
  readonly timeout?: number;
}

export interface Member {
  readonly address: string;
  readonly port: number;
  /** The subnet that the load balancer reaches it by; absent: by routing from the VIP's. */
  readonly subnetId?: string;
  /** Checked here instead of at the port. */
  readonly monitorPort?: number;
  /** Of the node whose address it is, for people; unknown where the member is read from Octavia. */
  readonly nodeName?: string;
}

/** Times in seconds. */
export interface HealthMonitor {
  readonly type: HealthMonitorType;
  readonly delay: number;
  readonly timeout: number;
  readonly maxRetries: number;
  readonly maxRetriesDown: number;
  /** For HTTP. */
  readonly urlPath?: string;
}

/** What a pool is known by: the key of its listener and its protocol, e.g. `TCP:80/PROXY`. */
export function poolKey({ key, pool }: Pick<Listener, 'key' | 'pool'>): string {
  return `${key}/${pool.protocol}`;
}
