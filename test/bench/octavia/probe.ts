/** A request that was routed before a change and has to be routed during it. */
export interface Target {
  readonly host: string;
  readonly path: string;
}

export interface ProbeResult {
  readonly requests: number;
  /** What was answered otherwise than with 200, by a pool that it was not for where the probe can tell, or not at all. */
  readonly failures: readonly string[];
}

/** Sends requests to the router while something is measured. */
export interface Probe {
  /** @returns the end of it */
  start(targets: readonly Target[]): () => Promise<ProbeResult>;
}
