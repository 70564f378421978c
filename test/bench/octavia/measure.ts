import type { MeasuredCluster } from './measured-cluster.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';
import type { Target } from './probe.js';

export interface Measurement {
  readonly writes: number;
  readonly reads: number;
  readonly lockedSeconds: number;
  /** From the change in the cluster until it is in effect on the router. */
  readonly seconds: number;
  readonly requests: number;
  readonly failures: readonly string[];
}

/** What a change costs, until it is in effect, while requests are sent to what is routed all the time. */
export async function measure(
  { requests, clock, probe, lockedSeconds }: OctaviaUnderTest,
  cluster: MeasuredCluster,
  targets: readonly Target[],
  change: () => void | Promise<void>,
): Promise<Measurement> {
  const before = { writes: requests.writes, reads: requests.reads, locked: lockedSeconds(), time: clock.now() };
  const end = probe.start(targets);
  try {
    await change();
    await cluster.settled();
  } catch (error) {
    await end();
    throw error;
  }
  const seconds = (clock.now() - before.time) / 1_000;
  const { requests: sent, failures } = await end();
  return {
    writes: requests.writes - before.writes,
    reads: requests.reads - before.reads,
    lockedSeconds: lockedSeconds() - before.locked,
    seconds,
    requests: sent,
    failures,
  };
}
