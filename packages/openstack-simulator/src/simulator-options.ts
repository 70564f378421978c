import type { Clock } from './clock.js';
import type { DataPlane } from './data-plane/data-plane.js';
import type { WriteTiming } from './octavia/write-timing.js';

export interface OpenStackSimulatorOptions {
  /** What tells the time and lets it pass. Default: the system's. */
  readonly clock?: Clock;
  /** How long each write locks its load balancer. Default: 5 ms, whatever is written. */
  readonly timing?: WriteTiming;
  /** How long tokens are good, in seconds. Default: 86400, a day. */
  readonly tokenLifetimeSeconds?: number;
  /** Name of the catalog's region. Default: `RegionOne`. */
  readonly region?: string;
  /** `v2.<minor>`, the newest version that Octavia says it speaks. Default: 30, Octavia 16.0.0. */
  readonly octaviaMinorVersion?: number;
  /** What carries the requests of the load balancers, or tells what would become of them. Default: nothing. */
  readonly dataPlane?: DataPlane;
}
