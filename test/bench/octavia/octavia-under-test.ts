import type { L7RouterDriverPlugin } from '@kuryr-l7/plugin';
import type { Probe } from './probe.js';
import type { RequestRecorder } from './request-recorder.js';

/** The time that Octavia's locks are measured in. */
export interface BenchClock {
  /** Milliseconds that never go backwards. */
  now(): number;
  /** Calls back after so many milliseconds; what is returned calls it off. The callback must not reject. */
  after(milliseconds: number, callback: () => void | Promise<void>): () => void;
  /** Does work that takes none of this time, where that is in our hands. */
  atOnce(work: () => Promise<void>): Promise<void>;
}

/** Where endpoints of the benchmark may be: each address answers 200 on the port, where requests are carried at all. */
export interface Endpoints {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** An Octavia with a load balancer of the benchmark's own that has an HTTP listener and nothing else. */
export interface OctaviaUnderTest {
  /** For the table, e.g. `real`. */
  readonly name: string;
  readonly clock: BenchClock;
  /** Every request that the controller sends to Octavia. */
  readonly requests: RequestRecorder;
  readonly probe: Probe;
  readonly endpoints: Endpoints;
  /** Options of kuryr.conf as environment variables of oslo.config: the cloud and the load balancer. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes the place of the driver that `environment` names. */
  readonly driver?: L7RouterDriverPlugin;
  /** Seconds for which the load balancer took no writes, since it was made. */
  lockedSeconds(): number;
  /** Deletes the load balancer and lets go of everything. */
  close(): Promise<void>;
}

/** Makes a load balancer; the signal ends the wait for it. */
export type OpenOctavia = (signal: AbortSignal) => Promise<OctaviaUnderTest>;
